/** A library as programs name it (its SONAME, or the name of a link), and where it lies. */
export type CachedLibrary = { readonly name: string; readonly path: string };

// glibc 2.41, sysdeps/generic/dl-cache.h: struct cache_file_new, struct file_entry_new; elf/ldconfig.h: FLAG_*.
const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER_BYTES = 48;
const ENTRY_BYTES = 24;
const LITTLE_ENDIAN = 2;
const ELF_LIBC6 = 3;
const X86_64 = 0x0300;

/** The cache of glibc's loader, /etc/ld.so.cache, as ldconfig writes it: libraries of x86-64 that any such PC can run. */
export function encodeLoaderCache(libraries: readonly CachedLibrary[]): Buffer {
  // The loader halves its way to a name, from the largest to the smallest.
  const sorted = [...libraries].sort((a, b) => compareLibraryNames(b.name, a.name));
  const strings: Buffer[] = [];
  let end = HEADER_BYTES + sorted.length * ENTRY_BYTES;
  const entries = sorted.map(({ name, path }) => {
    const text = Buffer.from(`${name}\0${path}\0`);
    strings.push(text);
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeInt32LE(ELF_LIBC6 | X86_64, 0);
    entry.writeUInt32LE(end, 4);
    entry.writeUInt32LE(end + Buffer.byteLength(name) + 1, 8);
    end += text.length;
    return entry;
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(sorted.length, 20);
  header.writeUInt32LE(end - HEADER_BYTES - sorted.length * ENTRY_BYTES, 24);
  header.writeUInt8(LITTLE_ENDIAN, 28);
  return Buffer.concat([header, ...entries, ...strings]);
}

/**
 * The loader's own order of names (elf/dl-cache.c, _dl_cache_libcmp): byte by byte, but numbers by their value, so that
 * `libx.so.9` comes before `libx.so.10`, and a digit behind everything else.
 */
export function compareLibraryNames(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const [isNumber, isOtherNumber] = [isDigit(part), isDigit(other)];
    if (isNumber !== isOtherNumber) return isNumber ? 1 : -1;
    const difference = isNumber
      ? Number(part) - Number(other)
      : Buffer.compare(Buffer.from(part), Buffer.from(other));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Numbers as wholes, and all else letter by letter. */
function partsOf(name: string): readonly string[] {
  return name.match(/\d+|\D/g) ?? [];
}

function isDigit(part: string): boolean {
  return /^\d/.test(part);
}
