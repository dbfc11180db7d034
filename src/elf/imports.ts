import { type ElfFile, sectionBytes, textAt } from './read-elf.ts';

// Symbol table entries: System V ABI (elf.h).
const SYMBOL_BYTES = 24;
const SHN_UNDEF = 0;

/** The names that a program or library takes from others, and the ones that it gives (.dynsym). */
export type DynamicNames = { readonly imported: ReadonlySet<string>; readonly exported: ReadonlySet<string> };

/** Reads the dynamic symbols; a file without any has none. */
export function readDynamicNames(elf: ElfFile): DynamicNames {
  const imported = new Set<string>();
  const exported = new Set<string>();
  const symbols = elf.sections.find(({ name }) => name === '.dynsym');
  const strings = elf.sections.find(({ name }) => name === '.dynstr');
  if (symbols === undefined || strings === undefined) return { imported, exported };
  const table = sectionBytes(elf, symbols);
  for (let at = SYMBOL_BYTES; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES) {
    const name = textAt(elf.bytes, strings.offset + table.readUInt32LE(at));
    (table.readUInt16LE(at + 6) === SHN_UNDEF ? imported : exported).add(name);
  }
  return { imported, exported };
}
