import { type ElfFile, sectionBytes } from './read-elf.ts';

// System V ABI (elf.h).
const SHT_RELA = 4;
const RELA_BYTES = 24;
const R_X86_64_IRELATIVE = 37;
const SYMBOL_BYTES = 24;
const STT_GNU_IFUNC = 10;

/** Whether the loader asks it which of several functions fits the processor (IFUNC). */
export function choosesAtStart(elf: ElfFile): boolean {
  return hasChoosingRelocation(elf) || hasChoosingSymbol(elf);
}

function hasChoosingRelocation(elf: ElfFile): boolean {
  return elf.sections
    .filter(({ type }) => type === SHT_RELA)
    .some((section) => {
      const table = sectionBytes(elf, section);
      for (let at = 0; at + RELA_BYTES <= table.length; at += RELA_BYTES)
        if (table.readUInt32LE(at + 8) === R_X86_64_IRELATIVE) return true;
      return false;
    });
}

function hasChoosingSymbol(elf: ElfFile): boolean {
  const section = elf.sections.find(({ name }) => name === '.dynsym');
  if (section === undefined) return false;
  const table = sectionBytes(elf, section);
  for (let at = 0; at + SYMBOL_BYTES <= table.length; at += SYMBOL_BYTES)
    if (((table[at + 4] ?? 0) & 0xf) === STT_GNU_IFUNC) return true;
  return false;
}
