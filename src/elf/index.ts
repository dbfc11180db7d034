/**
 * Programs and libraries as bytes: what they need to run, and in which points they fall short of the hardened set and
 * of the x86-64 baseline; and the cache by which glibc's loader finds libraries. Not what disassembles them (objdump) and not which faults are put up with (the tests' list).
 * Invariant: pure; bytes and text in, facts out; a file that is cut off throws a RangeError.
 */
export { type ElfLibrary, type ElfNeeds, readElfLibrary, readElfNeeds } from './elf-needs.ts';
export { type ElfFault, type ElfRule, elfFaults } from './judge-elf.ts';
export { type CachedLibrary, compareLibraryNames, encodeLoaderCache } from './loader-cache.ts';
export { type CodeFacts, CodeReader } from './read-code.ts';
export { type ElfFile, isElf, readElf } from './read-elf.ts';
