/** tar counts in blocks (POSIX.1-2024, pax interchange format). */
export const BLOCK_BYTES = 512;

/** What a header says, as it says it: nothing of it has been checked but its sum. */
export type TarHeader = {
  /** One character: `0` is a file, `5` a folder, `L` a long name of GNU's. */
  readonly type: string;
  readonly name: Buffer;
  readonly target: Buffer;
  readonly mode: number;
  readonly sizeBytes: number;
};

/** Where the fields of a header are: offset and length (POSIX.1-2024, ustar interchange format). */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  sum: [148, 8],
  target: [157, 100],
  magic: [257, 8],
  prefix: [345, 155],
} as const;

const TYPE_OFFSET = 156;

/** The prefix is POSIX's alone: GNU's older form keeps times in its place. */
const POSIX_MAGIC = 'ustar\0';
const GNU_MAGIC = 'ustar  \0';

/** Reads a header; undefined when it is none. */
export function readHeader(block: Buffer): TarHeader | undefined {
  if (!hasItsSum(block)) return undefined;
  const sizeBytes = numberIn(fieldOf(block, 'size'));
  const mode = numberIn(fieldOf(block, 'mode'));
  if (sizeBytes === undefined || mode === undefined) return undefined;
  const isPosix = fieldOf(block, 'magic').toString('latin1').startsWith(POSIX_MAGIC);
  const prefix = isPosix ? textIn(fieldOf(block, 'prefix')) : Buffer.alloc(0);
  const name = textIn(fieldOf(block, 'name'));
  return {
    type: String.fromCharCode(block[TYPE_OFFSET] ?? 0),
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    target: textIn(fieldOf(block, 'target')),
    mode,
    sizeBytes,
  };
}

/** Writes a header that GNU tar reads. Name and target must fit: longer ones have entries of their own before it. */
export function writeHeader({ type, name, target, mode, sizeBytes }: TarHeader): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const put = (field: keyof typeof FIELDS, text: string) => block.write(text, FIELDS[field][0], 'latin1');
  name.copy(block, FIELDS.name[0], 0, FIELDS.name[1]);
  target.copy(block, FIELDS.target[0], 0, FIELDS.target[1]);
  put('mode', octal(mode, 7));
  put('owner', octal(0, 7));
  put('group', octal(0, 7));
  put('time', octal(0, 11));
  if (sizeBytes < 8 ** 11) put('size', octal(sizeBytes, 11));
  else writeLargeSize(block, sizeBytes);
  block[TYPE_OFFSET] = type.charCodeAt(0);
  put('magic', GNU_MAGIC);
  put('sum', `${octal(sumsOf(block)[0], 6)}\0 `);
  return block;
}

/** Bytes up to the next whole block. */
export function paddingOf(sizeBytes: number): number {
  return (BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

function fieldOf(block: Buffer, field: keyof typeof FIELDS): Buffer {
  const [offset, length] = FIELDS[field];
  return block.subarray(offset, offset + length);
}

/** Old programs summed signed bytes: GNU tar takes both. */
function hasItsSum(block: Buffer): boolean {
  const said = numberIn(fieldOf(block, 'sum'));
  return said !== undefined && sumsOf(block).includes(said);
}

/** The sums of unsigned and of signed bytes, in which the field of the sum itself counts as blanks. */
function sumsOf(block: Buffer): [number, number] {
  const [offset, length] = FIELDS.sum;
  let sum = 0;
  let high = 0;
  for (let index = 0; index < BLOCK_BYTES; index += 1) {
    const byte = index >= offset && index < offset + length ? 0x20 : (block[index] ?? 0);
    sum += byte;
    if (byte > 0x7f) high += 1;
  }
  return [sum, sum - high * 256];
}

/** Octal digits among blanks; or, with the highest bit set, GNU's base 256. Undefined for what is no size. */
function numberIn(field: Buffer): number | undefined {
  const first = field[0] ?? 0;
  if (first >= 0x80) return largeNumberIn(field);
  const digits = /^ *([0-7]+)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
}

function largeNumberIn(field: Buffer): number | undefined {
  if (field[0] !== 0x80) return undefined;
  const number = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(number) ? number : undefined;
}

function writeLargeSize(block: Buffer, sizeBytes: number): void {
  const [offset, length] = FIELDS.size;
  block[offset] = 0x80;
  block.writeBigUInt64BE(BigInt(sizeBytes), offset + length - 8);
}

function octal(number: number, digits: number): string {
  return number.toString(8).padStart(digits, '0');
}

function textIn(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end));
}
