import type { ElfFile } from './read-elf.ts';

/** What the note .note.gnu.property says (x86-64 psABI, "Program Property"). */
export type ElfProperties = {
  /** Indirect branch tracking: each target of an indirect jump is marked. */
  readonly hasBranchTracking: boolean;
  /** Shadow stack: return addresses are kept twice. */
  readonly hasShadowStack: boolean;
  /** Levels of x86-64 without which it does not run: 1 is the baseline. */
  readonly neededLevels: readonly number[];
};

const PT_GNU_PROPERTY = 0x6474e553;
const NT_GNU_PROPERTY_TYPE_0 = 5;
const FEATURE_1_AND = 0xc0000002;
const ISA_1_NEEDED = 0xc0008002;
const IBT = 1;
const SHSTK = 2;
const LEVELS = [1, 2, 3, 4];

/** Reads the property note; a file without one has no property. */
export function readProperties(elf: ElfFile): ElfProperties {
  const values = new Map<number, number>();
  for (const segment of elf.segments.filter(({ type }) => type === PT_GNU_PROPERTY)) {
    const note = elf.bytes.subarray(segment.offset, segment.offset + segment.sizeBytes);
    for (const [type, value] of readNote(note)) values.set(type, value);
  }
  const features = values.get(FEATURE_1_AND) ?? 0;
  const needed = values.get(ISA_1_NEEDED) ?? 0;
  return {
    hasBranchTracking: (features & IBT) !== 0,
    hasShadowStack: (features & SHSTK) !== 0,
    neededLevels: LEVELS.filter((level) => (needed & (1 << (level - 1))) !== 0),
  };
}

/** The properties of a note, each a type, a size, and a value padded to 8 bytes; those of x86 are of 4 bytes. */
function readNote(note: Buffer): [number, number][] {
  const nameBytes = note.readUInt32LE(0);
  if (note.readUInt32LE(8) !== NT_GNU_PROPERTY_TYPE_0) return [];
  const begin = 12 + roundUp(nameBytes, 4);
  const end = begin + note.readUInt32LE(4);
  const properties: [number, number][] = [];
  for (let at = begin; at + 8 <= end; ) {
    const sizeBytes = note.readUInt32LE(at + 4);
    if (sizeBytes === 4) properties.push([note.readUInt32LE(at), note.readUInt32LE(at + 8)]);
    at += 8 + roundUp(sizeBytes, 8);
  }
  return properties;
}

function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}
