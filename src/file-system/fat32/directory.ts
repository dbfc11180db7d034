import { damaged } from '../damaged.ts';

/** A name in a directory. */
export type Name = {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly firstCluster: number;
  readonly sizeBytes: number;
};

/** fatgen103, "FAT Directory Structure" and "FAT Long Directory Entries". */
const ENTRY_BYTES = 32;
const ATTRIBUTES = { volumeLabel: 0x08, directory: 0x10, longName: 0x0f };
const DELETED = 0xe5;
const LAST_LONG_ENTRY = 0x40;
/** Where the thirteen characters of a piece of a long name lie. */
const LONG_NAME_PLACES = [
  [1, 11],
  [14, 26],
  [28, 32],
] as const;
/** Windows NT's bits for "the base is all small letters" and "the extension is"; Linux reads and writes them too. */
const SMALL_LETTERS = { base: 0x08, extension: 0x10 };

/** A long name that is being put together, of which the pieces come last first. */
type LongName = { readonly text: string; readonly next: number; readonly checksum: number };

/** The names in the bytes of a directory, but `.` and `..`. */
export function namesOf(bytes: Buffer): readonly Name[] {
  const names: Name[] = [];
  let long: LongName | undefined;
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const entry = bytes.subarray(at, at + ENTRY_BYTES);
    const first = entry.readUInt8(0);
    const attributes = entry.readUInt8(11);
    if (first === 0) break;
    if (first === DELETED) {
      long = undefined;
    } else if ((attributes & ATTRIBUTES.longName) === ATTRIBUTES.longName) {
      long = withPiece(long, entry);
    } else {
      const isLabel = (attributes & ATTRIBUTES.volumeLabel) !== 0;
      if (!isLabel) names.push(nameOf(entry, long));
      long = undefined;
    }
  }
  return names.filter(({ name }) => name !== '.' && name !== '..');
}

/** A piece that does not go on where the last one was belongs to a name that is no more. */
function withPiece(before: LongName | undefined, entry: Buffer): LongName | undefined {
  const order = entry.readUInt8(0);
  const number = order & 0x3f;
  const checksum = entry.readUInt8(13);
  const piece = LONG_NAME_PLACES.map(([begin, end]) => entry.toString('utf16le', begin, end)).join('');
  if ((order & LAST_LONG_ENTRY) !== 0) {
    return { text: piece.replace(/[\0\uffff]*$/, '').split('\0')[0] ?? '', next: number - 1, checksum };
  }
  if (before === undefined || before.next !== number || before.checksum !== checksum) return undefined;
  return { text: `${piece}${before.text}`, next: number - 1, checksum };
}

function nameOf(entry: Buffer, long: LongName | undefined): Name {
  const isLongOne = long !== undefined && long.next === 0 && long.checksum === checksumOf(entry);
  const name = isLongOne ? long.text : shortName(entry);
  if (name === '' || /[/\0]/.test(name)) damaged('FAT32', `a directory has the name ${JSON.stringify(name)}`);
  return {
    name,
    isDirectory: (entry.readUInt8(11) & ATTRIBUTES.directory) !== 0,
    firstCluster: entry.readUInt16LE(20) * 0x10000 + entry.readUInt16LE(26),
    sizeBytes: entry.readUInt32LE(28),
  };
}

function shortName(entry: Buffer): string {
  const raw = Buffer.from(entry.subarray(0, 11));
  // 0xe5 as a first letter would mean "deleted".
  if (raw[0] === 0x05) raw[0] = DELETED;
  const letters = entry.readUInt8(12);
  const part = (begin: number, end: number, isSmall: boolean) => {
    const text = raw.toString('latin1', begin, end).trimEnd();
    return isSmall ? text.toLowerCase() : text;
  };
  const base = part(0, 8, (letters & SMALL_LETTERS.base) !== 0);
  const extension = part(8, 11, (letters & SMALL_LETTERS.extension) !== 0);
  return extension === '' ? base : `${base}.${extension}`;
}

/** Of the short name, so that a long name is known to belong to it. */
function checksumOf(entry: Buffer): number {
  let sum = 0;
  for (const byte of entry.subarray(0, 11)) sum = (((sum & 1) << 7) + (sum >> 1) + byte) & 0xff;
  return sum;
}
