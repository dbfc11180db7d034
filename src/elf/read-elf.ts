/** What kind of ELF file it is (e_type): a part that is linked or loaded later, a program at a fixed place, or code that runs anywhere. */
export type ElfKind = 'relocatable' | 'fixed' | 'anywhere';

/** A part of the file that is loaded, or that tells the loader something (program header). */
export type ElfSegment = {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  /** In the file. */
  readonly sizeBytes: number;
};

/** A part of the file as the linker sees it (section header). */
export type ElfSection = {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly sizeBytes: number;
};

/** An entry of the dynamic section: what the loader goes by. */
export type DynamicEntry = { readonly tag: number; readonly value: number };

/** A 64-bit little-endian ELF file, its tables read. */
export type ElfFile = {
  readonly bytes: Buffer;
  readonly kind: ElfKind;
  readonly machine: number;
  readonly segments: readonly ElfSegment[];
  readonly sections: readonly ElfSection[];
  /** Empty where there is no dynamic section: static programs at a fixed place, and object files. */
  readonly dynamic: readonly DynamicEntry[];
};

// e_type, and program header types and tags: System V ABI (elf.h).
const KINDS: Readonly<Record<number, ElfKind>> = { 1: 'relocatable', 2: 'fixed', 3: 'anywhere' };
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NULL = 0;
const NO_BYTES_IN_FILE = 8;

/** Whether bytes begin as an ELF file of any kind does. */
export function isElf(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0x7f454c46;
}

/** Reads an ELF file; undefined when the bytes are no 64-bit little-endian one. A table that is cut off throws a RangeError. */
export function readElf(bytes: Buffer): ElfFile | undefined {
  const is64BitLittleEndian = isElf(bytes) && bytes.length >= 64 && bytes[4] === 2 && bytes[5] === 1;
  if (!is64BitLittleEndian) return undefined;
  const kind = KINDS[bytes.readUInt16LE(16)];
  if (kind === undefined) return undefined;
  const segments = readSegments(bytes);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  return {
    bytes,
    kind,
    machine: bytes.readUInt16LE(18),
    segments,
    sections: readSections(bytes),
    dynamic: dynamic === undefined ? [] : readDynamic(bytes, dynamic),
  };
}

function readSegments(bytes: Buffer): ElfSegment[] {
  const tableOffset = Number(bytes.readBigUInt64LE(32));
  const entryBytes = bytes.readUInt16LE(54);
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, at) => {
    const header = tableOffset + at * entryBytes;
    return {
      type: bytes.readUInt32LE(header),
      flags: bytes.readUInt32LE(header + 4),
      offset: Number(bytes.readBigUInt64LE(header + 8)),
      address: Number(bytes.readBigUInt64LE(header + 16)),
      sizeBytes: Number(bytes.readBigUInt64LE(header + 32)),
    };
  });
}

function readSections(bytes: Buffer): ElfSection[] {
  const tableOffset = Number(bytes.readBigUInt64LE(40));
  const entryBytes = bytes.readUInt16LE(58);
  const namesHeader = tableOffset + bytes.readUInt16LE(62) * entryBytes;
  const count = tableOffset === 0 ? 0 : bytes.readUInt16LE(60);
  return Array.from({ length: count }, (_, at) => {
    const header = tableOffset + at * entryBytes;
    const names = Number(bytes.readBigUInt64LE(namesHeader + 24));
    return {
      name: textAt(bytes, names + bytes.readUInt32LE(header)),
      type: bytes.readUInt32LE(header + 4),
      flags: Number(bytes.readBigUInt64LE(header + 8)),
      offset: Number(bytes.readBigUInt64LE(header + 24)),
      sizeBytes: Number(bytes.readBigUInt64LE(header + 32)),
    };
  });
}

function readDynamic(bytes: Buffer, segment: ElfSegment): DynamicEntry[] {
  const entries: DynamicEntry[] = [];
  for (let at = segment.offset; at < segment.offset + segment.sizeBytes; at += 16) {
    const tag = Number(bytes.readBigInt64LE(at));
    if (tag === DT_NULL) break;
    entries.push({ tag, value: Number(bytes.readBigUInt64LE(at + 8)) });
  }
  return entries;
}

/** The bytes of a section; none for one that has no bytes in the file. */
export function sectionBytes({ bytes }: ElfFile, section: ElfSection): Buffer {
  if (section.type === NO_BYTES_IN_FILE) return Buffer.alloc(0);
  if (section.offset + section.sizeBytes > bytes.length)
    throw new RangeError(`The section ${section.name} of the ELF file is cut off.`);
  return bytes.subarray(section.offset, section.offset + section.sizeBytes);
}

/** The values of a dynamic tag, in their order. */
export function dynamicValues(elf: ElfFile, tag: number): readonly number[] {
  return elf.dynamic.filter((entry) => entry.tag === tag).map(({ value }) => value);
}

/** Where in the file the bytes lie that are loaded at an address. */
export function offsetOf(elf: ElfFile, address: number): number {
  const segment = elf.segments.find(
    ({ type, address: begin, sizeBytes }) =>
      type === PT_LOAD && address >= begin && address < begin + sizeBytes,
  );
  if (segment === undefined) throw new RangeError(`No segment of the ELF file is loaded at ${address}.`);
  return segment.offset + (address - segment.address);
}

/** The text that begins at an offset of the file and ends with a zero byte. */
export function textAt(bytes: Buffer, offset: number): string {
  const end = bytes.indexOf(0, offset);
  if (end === -1) throw new RangeError('A text of the ELF file has no end.');
  return bytes.toString('utf8', offset, end);
}
