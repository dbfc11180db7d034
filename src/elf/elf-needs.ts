import { dynamicValues, offsetOf, readElf, textAt } from './read-elf.ts';

/** What a program or library asks for when it is started. */
export type ElfNeeds = {
  /** The dynamic loader, as an absolute path; programs only. */
  readonly interpreter: string | undefined;
  /** Libraries by name (DT_NEEDED). */
  readonly needed: readonly string[];
};

/** What a library says of itself. */
export type ElfLibrary = {
  /** The name that is put into programs which are linked with it (DT_SONAME). */
  readonly soname: string | undefined;
};

// Machine, program header types and dynamic tags of the System V ABI (elf.h).
const EM_X86_64 = 62;
const PT_INTERP = 3;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_SONAME = 14;

/** Reads what a 64-bit little-endian ELF file needs; undefined when the bytes are no such file. */
export function readElfNeeds(bytes: Buffer): ElfNeeds | undefined {
  const elf = readElf(bytes);
  if (elf === undefined) return undefined;
  const interpreter = elf.segments.find(({ type }) => type === PT_INTERP);
  const [stringsAddress] = dynamicValues(elf, DT_STRTAB);
  const named = dynamicValues(elf, DT_NEEDED);
  return {
    interpreter: interpreter && textAt(bytes, interpreter.offset),
    needed:
      named.length === 0
        ? []
        : named.map((offset) => textAt(bytes, offsetOf(elf, stringsAddress ?? 0) + offset)),
  };
}

/** Reads a library of x86-64; undefined when the bytes are none: a linker's script, say, or another machine's. */
export function readElfLibrary(bytes: Buffer): ElfLibrary | undefined {
  const elf = readElf(bytes);
  if (elf?.kind !== 'anywhere' || elf.machine !== EM_X86_64 || elf.dynamic.length === 0) return undefined;
  const [stringsAddress] = dynamicValues(elf, DT_STRTAB);
  const [soname] = dynamicValues(elf, DT_SONAME);
  return {
    soname: soname === undefined ? undefined : textAt(bytes, offsetOf(elf, stringsAddress ?? 0) + soname),
  };
}
