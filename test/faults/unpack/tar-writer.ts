/** What a header says, whether it makes sense or not. */
export type RawEntry = {
  readonly type: string;
  readonly name: string | Buffer;
  readonly target?: string | Buffer;
  readonly mode?: number;
  readonly body?: Buffer;
  /** The field of the size as it is to be written; default: that of the body, in octal. */
  readonly size?: Buffer;
  /** Default: GNU's. */
  readonly magic?: 'gnu' | 'ustar' | 'v7';
  /** Added to the sum of the header. */
  readonly sumIsOffBy?: number;
  /** Bytes that are cut off from the end. */
  readonly cutOff?: number;
};

const BLOCK = 512;

const MAGIC = { gnu: 'ustar  \0', ustar: 'ustar\x0000', v7: '' } as const;

/** 2024, so that GNU tar finds nothing implausible. */
const TIME = 1_720_000_000;

/** The bytes of entries, without the mark that ends an archive. */
export function tarBytes(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat(entries.map(entryBytes));
}

/** The mark that ends an archive. */
export const END = Buffer.alloc(2 * BLOCK);

/** The entry of POSIX that says more of the next one: `x`, or of all: `g`. */
export function paxEntry(records: Readonly<Record<string, string | Buffer>>, type = 'x'): RawEntry {
  const body = Buffer.concat(
    Object.entries(records).map(([name, value]) => paxRecord(name, Buffer.from(value))),
  );
  return { type, name: 'PaxHeaders/x', body };
}

/** GNU's entry for a name (L) or a link's target (K) that fits no header. */
export function longEntry(type: 'L' | 'K', text: string | Buffer): RawEntry {
  return { type, name: '././@LongLink', body: Buffer.concat([Buffer.from(text), Buffer.alloc(1)]) };
}

function paxRecord(name: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${name}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function entryBytes({ body = Buffer.alloc(0), cutOff = 0, ...entry }: RawEntry): Buffer {
  const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
  const whole = Buffer.concat([headerBytes(entry, body.length), body, padding]);
  return whole.subarray(0, whole.length - cutOff);
}

function headerBytes(entry: Omit<RawEntry, 'body'>, sizeBytes: number): Buffer {
  const { type, name, target = '', mode = 0o644, size, magic = 'gnu', sumIsOffBy = 0 } = entry;
  const block = Buffer.alloc(BLOCK);
  Buffer.from(name).copy(block, 0, 0, 100);
  block.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'latin1');
  (size ?? Buffer.from(`${octal(sizeBytes, 11)} `)).copy(block, 124, 0, 12);
  block.write(`${octal(TIME, 11)} `, 136, 'latin1');
  block.write(type, 156, 'latin1');
  Buffer.from(target).copy(block, 157, 0, 100);
  block.write(MAGIC[magic], 257, 'latin1');
  if (type === '3' || type === '4') block.write(`${octal(1, 7)}\0${octal(3, 7)}\0`, 329, 'latin1');
  block.write(' '.repeat(8), 148, 'latin1');
  const sum = block.reduce((all, byte) => all + byte, 0) + sumIsOffBy;
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

function octal(number: number, digits: number): string {
  return number.toString(8).padStart(digits, '0');
}
