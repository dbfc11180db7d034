import { readDynamicNames } from './imports.ts';
import { readProperties } from './properties.ts';
import type { CodeFacts } from './read-code.ts';
import { dynamicValues, type ElfFile } from './read-elf.ts';
import { choosesAtStart } from './relocations.ts';

/** What a program or library can lack. */
export type ElfRule =
  | 'not-x86-64'
  | 'not-pie'
  | 'no-relro'
  | 'lazy-binding'
  | 'executable-stack'
  | 'writable-code'
  | 'search-path'
  | 'text-relocations'
  | 'no-cet'
  | 'no-stack-protector'
  | 'no-stack-clash-protection'
  | 'not-fortified'
  // Needs a processor above the baseline: always, or where it finds one.
  | 'above-baseline'
  | 'chosen-at-run-time';

export type ElfFault = { readonly rule: ElfRule; readonly detail: string };

// System V ABI and GNU (elf.h): machine, segments, their flags, dynamic tags and their flags.
const EM_X86_64 = 62;
const PT_LOAD = 1;
const PT_GNU_STACK = 0x6474e551;
const PT_GNU_RELRO = 0x6474e552;
const EXECUTABLE = 1;
const WRITABLE = 2;
const DT_RPATH = 15;
const DT_TEXTREL = 22;
const DT_BIND_NOW = 24;
const DT_RUNPATH = 29;
const DT_FLAGS = 30;
const DT_FLAGS_1 = 0x6ffffffb;
const DF_TEXTREL = 4;
const DF_BIND_NOW = 8;
const DF_1_NOW = 1;

/** Each of these becomes `__…_chk` under _FORTIFY_SOURCE, whatever its arguments (stdio2.h, syslog.h of glibc). */
const ALWAYS_CHECKED =
  'asprintf dprintf fprintf fwprintf printf syslog vasprintf vdprintf vfprintf vfwprintf vprintf vsyslog vwprintf wprintf';

/**
 * Everything in which a program or library falls short of the hardened set. What can be seen in a finished file is
 * held to the letter; of the compiler's flags only what they leave in the code is known: see docs/hardening.md.
 */
export function elfFaults(elf: ElfFile, code: CodeFacts): readonly ElfFault[] {
  if (elf.machine !== EM_X86_64) return [fault('not-x86-64', `machine ${elf.machine}`)];
  // What is not linked yet has neither segments nor a loader.
  if (elf.kind === 'relocatable') return baselineFaults(elf, code);
  return [
    ...loadingFaults(elf),
    ...dynamicFaults(elf),
    ...codeFaults(elf, code),
    ...baselineFaults(elf, code),
  ];
}

function loadingFaults({ kind, segments }: ElfFile): ElfFault[] {
  const stack = segments.find(({ type }) => type === PT_GNU_STACK);
  const both = segments.find(
    ({ type, flags }) => type === PT_LOAD && (flags & EXECUTABLE) !== 0 && (flags & WRITABLE) !== 0,
  );
  return [
    ...(kind === 'fixed' ? [fault('not-pie', 'is loaded at a fixed address')] : []),
    ...(segments.some(({ type }) => type === PT_GNU_RELRO) ? [] : [fault('no-relro', 'no PT_GNU_RELRO')]),
    ...(stack === undefined ? [fault('executable-stack', 'no PT_GNU_STACK, which means yes')] : []),
    ...(stack !== undefined && (stack.flags & EXECUTABLE) !== 0
      ? [fault('executable-stack', 'PT_GNU_STACK is executable')]
      : []),
    ...(both === undefined ? [] : [fault('writable-code', `the segment at 0x${both.address.toString(16)}`)]),
  ];
}

function dynamicFaults(elf: ElfFile): ElfFault[] {
  if (elf.dynamic.length === 0) return [];
  const flags = dynamicValues(elf, DT_FLAGS)[0] ?? 0;
  const flags1 = dynamicValues(elf, DT_FLAGS_1)[0] ?? 0;
  const bindsNow =
    (flags & DF_BIND_NOW) !== 0 || (flags1 & DF_1_NOW) !== 0 || dynamicValues(elf, DT_BIND_NOW).length > 0;
  const hasTextRelocations = (flags & DF_TEXTREL) !== 0 || dynamicValues(elf, DT_TEXTREL).length > 0;
  const paths = [DT_RPATH, DT_RUNPATH].filter((tag) => dynamicValues(elf, tag).length > 0);
  return [
    ...(bindsNow ? [] : [fault('lazy-binding', 'no BIND_NOW: the table of functions stays writable')]),
    ...(hasTextRelocations ? [fault('text-relocations', 'its code is written to when it is loaded')] : []),
    ...paths.map((tag) => fault('search-path', tag === DT_RPATH ? 'RPATH' : 'RUNPATH')),
  ];
}

function codeFaults(elf: ElfFile, code: CodeFacts): ElfFault[] {
  const { hasBranchTracking, hasShadowStack } = readProperties(elf);
  const lacking = [...(hasBranchTracking ? [] : ['IBT']), ...(hasShadowStack ? [] : ['SHSTK'])];
  const unchecked = uncheckedCalls(elf);
  return [
    ...(lacking.length === 0 ? [] : [fault('no-cet', `no ${lacking.join(', no ')}`)]),
    ...(code.readsCanary || code.localAddress === undefined
      ? []
      : [fault('no-stack-protector', `no canary, and ${code.localAddress}`)]),
    ...(code.longStep === undefined ? [] : [fault('no-stack-clash-protection', code.longStep)]),
    ...(unchecked.length === 0 ? [] : [fault('not-fortified', `calls ${unchecked.join(', ')}`)]),
  ];
}

/** Functions that it takes unchecked, if it takes no checked one at all. */
function uncheckedCalls(elf: ElfFile): readonly string[] {
  const { imported } = readDynamicNames(elf);
  if ([...imported].some((name) => /^__\w+_chk$/.test(name))) return [];
  return ALWAYS_CHECKED.split(' ').filter((name) => imported.has(name));
}

function baselineFaults(elf: ElfFile, { extensions, asksProcessor }: CodeFacts): ElfFault[] {
  const levels = readProperties(elf).neededLevels.filter((level) => level > 1);
  const noted = levels.map((level) => fault('above-baseline', `its note asks for x86-64-v${level}`));
  if (extensions.size === 0) return noted;
  const detail = [...extensions].map(([extension, example]) => `${extension} (${example})`).join(', ');
  const isChosen = asksProcessor || choosesAtStart(elf);
  return [...noted, fault(isChosen ? 'chosen-at-run-time' : 'above-baseline', detail)];
}

function fault(rule: ElfRule, detail: string): ElfFault {
  return { rule, detail };
}
