/** What a program or library asks for when it is started. */
export type ElfNeeds = {
  /** The dynamic loader, as an absolute path; programs only. */
  readonly interpreter: string | undefined;
  /** Libraries by name (DT_NEEDED). */
  readonly needed: readonly string[];
};

// Program header types and dynamic tags of the System V ABI (elf.h).
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

type Segment = { type: number; offset: number; address: number; sizeBytes: number };

/** Reads what a 64-bit little-endian ELF file needs; undefined when the bytes are no such file. */
export function readElfNeeds(bytes: Buffer): ElfNeeds | undefined {
  const is64BitLittleEndian =
    bytes.length >= 64 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  if (!is64BitLittleEndian) return undefined;
  const segments = readSegments(bytes);
  const interpreter = segments.find((segment) => segment.type === PT_INTERP);
  const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
  return {
    interpreter: interpreter && textAt(bytes, interpreter.offset),
    needed: dynamic === undefined ? [] : readNeeded(bytes, dynamic, segments),
  };
}

function readSegments(bytes: Buffer): Segment[] {
  const tableOffset = Number(bytes.readBigUInt64LE(32));
  const entryBytes = bytes.readUInt16LE(54);
  const count = bytes.readUInt16LE(56);
  return Array.from({ length: count }, (_, at) => {
    const header = tableOffset + at * entryBytes;
    return {
      type: bytes.readUInt32LE(header),
      offset: Number(bytes.readBigUInt64LE(header + 8)),
      address: Number(bytes.readBigUInt64LE(header + 16)),
      sizeBytes: Number(bytes.readBigUInt64LE(header + 32)),
    };
  });
}

function readNeeded(bytes: Buffer, dynamic: Segment, segments: readonly Segment[]): string[] {
  const nameOffsets: number[] = [];
  let stringsAddress = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.sizeBytes; at += 16) {
    const tag = Number(bytes.readBigInt64LE(at));
    const value = Number(bytes.readBigUInt64LE(at + 8));
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) nameOffsets.push(value);
    if (tag === DT_STRTAB) stringsAddress = value;
  }
  const stringsOffset = offsetOf(stringsAddress, segments);
  return nameOffsets.map((offset) => textAt(bytes, stringsOffset + offset));
}

/** Where in the file the bytes lie that are loaded at an address. */
function offsetOf(address: number, segments: readonly Segment[]): number {
  const segment = segments.find(
    ({ type, address: begin, sizeBytes }) =>
      type === PT_LOAD && address >= begin && address < begin + sizeBytes,
  );
  if (segment === undefined) throw new RangeError(`No segment of the ELF file is loaded at ${address}.`);
  return segment.offset + (address - segment.address);
}

function textAt(bytes: Buffer, offset: number): string {
  const end = bytes.indexOf(0, offset);
  if (end === -1) throw new RangeError('A text of the ELF file has no end.');
  return bytes.toString('utf8', offset, end);
}
