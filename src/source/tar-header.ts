/** POSIX ustar (pax(1), "ustar Interchange Format"), as far as an archive of plain files with short names needs it. */

/** Headers and contents begin at multiples of this. */
export const TAR_BLOCK_BYTES = 512;

/** One plain file of an archive. */
export type TarEntry = { readonly name: string; readonly sizeBytes: number };

/** Eleven octal digits. */
const MOST_BYTES = 8 ** 11 - 1;

/** The header of a plain file that everybody may read, of root, at a time. */
export function encodeTarHeader({ name, sizeBytes }: TarEntry, timeSeconds: number): Buffer {
  if (Buffer.byteLength(name) > 100 || sizeBytes > MOST_BYTES)
    throw new RangeError(`${name} fits no ustar header`);
  const header = Buffer.alloc(TAR_BLOCK_BYTES);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(octal(sizeBytes, 11), 124);
  header.write(octal(timeSeconds, 11), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(`${octal(checksum(header), 6)}\0 `, 148);
  return header;
}

/** What a header says; undefined when it is none of a plain file with a short name, or is damaged. */
export function decodeTarHeader(header: Buffer): TarEntry | undefined {
  const [sum, size] = [field(header, 148, 8), field(header, 124, 12)].map((text) =>
    /^[0-7]+ ?$/.test(text) ? Number.parseInt(text, 8) : undefined,
  );
  const isUstar = header.toString('latin1', 257, 263) === 'ustar\0';
  const hasPrefix = header[345] !== 0;
  if (sum !== checksum(header) || !isUstar || hasPrefix || header[156] !== 0x30) return undefined;
  return size === undefined ? undefined : { name: field(header, 0, 100), sizeBytes: size };
}

/** So many bytes of contents take so many in the archive. */
export function paddedSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}

/** The sum of all bytes, where those of the sum itself count as spaces. */
function checksum(header: Buffer): number {
  const others = header.reduce((sum, byte, at) => (at >= 148 && at < 156 ? sum : sum + byte), 0);
  return others + 8 * 0x20;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** Text up to the first NUL. */
function field(header: Buffer, at: number, length: number): string {
  return header.toString('latin1', at, at + length).replace(/\0.*$/s, '');
}
