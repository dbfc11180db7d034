import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { type ElfRule, elfFaults, isElf, readElf } from '#elf';
import type { RootEntry } from './built-profile.ts';
import { disassemble } from './disassemble.ts';
import { tracesIn } from './traces.ts';

/** What any file of an image can be found to be. */
export type Rule = ElfRule | 'damaged-elf' | 'runs-as-owner' | 'writable-by-all' | 'trace-of-build-machine';

export type Finding = { readonly path: string; readonly rule: Rule; readonly detail: string };

/** What is put up with: a rule, the paths (a glob), and why. */
export type Waiver = { readonly rule: string; readonly paths: string; readonly reason: string };

/** How many files are disassembled at once. */
const AT_ONCE = 2;

/** Looks at every file of a root file system; what nobody else may know of the build machine are the needles. */
export async function scanRoot(
  entries: readonly RootEntry[],
  needles: readonly string[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const waiting = [...entries];
  const scanNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      findings.push(...(await scanEntry(next, needles)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, scanNext));
  return findings.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

async function scanEntry(
  { entry, hostPath }: RootEntry,
  needles: readonly string[],
): Promise<readonly Finding[]> {
  const { path } = entry;
  if (entry.type === 'symlink')
    return tracesIn(Buffer.from(entry.target), needles).map((detail) => traceOf(path, detail));
  const rights = rightsFindings(path, entry.type, entry.mode);
  if (entry.type === 'directory') return rights;
  const bytes = await readFile(hostPath);
  const traces = tracesIn(bytes, needles).map((detail) => traceOf(path, detail));
  const faults = isElf(bytes) ? await elfFindings(path, bytes, hostPath) : [];
  return [...rights, ...traces, ...faults];
}

const traceOf = (path: string, detail: string): Finding => ({ path, rule: 'trace-of-build-machine', detail });

/** Setuid and setgid files, and what anybody may write to; folders with the sticky bit are the ones for all. */
function rightsFindings(path: string, type: 'file' | 'directory', modeText: string): Finding[] {
  const mode = Number.parseInt(modeText, 8);
  const findings: Finding[] = [];
  if (type === 'file' && (mode & 0o6000) !== 0)
    findings.push({ path, rule: 'runs-as-owner', detail: `mode ${modeText}` });
  const isOwnersOnly = type === 'directory' && (mode & 0o1000) !== 0;
  if ((mode & 0o002) !== 0 && !isOwnersOnly)
    findings.push({ path, rule: 'writable-by-all', detail: `mode ${modeText}` });
  return findings;
}

/** The faults of one program, library or object file. */
export async function elfFindings(
  path: string,
  bytes: Buffer,
  hostPath: string,
): Promise<readonly Finding[]> {
  try {
    const elf = readElf(bytes);
    if (elf === undefined) return [{ path, rule: 'not-x86-64', detail: 'no 64-bit little-endian ELF file' }];
    return elfFaults(elf, await disassemble(hostPath)).map((one) => ({ path, ...one }));
  } catch (error) {
    if (error instanceof RangeError) return [{ path, rule: 'damaged-elf', detail: error.message }];
    throw error;
  }
}

/** Findings that no waiver covers, and waivers that cover nothing. */
export function judgeFindings(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
): { readonly unexpected: readonly Finding[]; readonly unused: readonly Waiver[] } {
  const covers = (waiver: Waiver, { rule, path }: Finding) =>
    waiver.rule === rule && posix.matchesGlob(path, waiver.paths);
  return {
    unexpected: findings.filter((finding) => !waivers.some((waiver) => covers(waiver, finding))),
    unused: waivers.filter((waiver) => !findings.some((finding) => covers(waiver, finding))),
  };
}

/** Reads a list of waivers: a header, then rule, paths and reason, with tabs between. */
export function readWaivers(text: string): readonly Waiver[] {
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map((line) => {
    const [rule, paths, reason, ...more] = line.split('\t');
    if (!rule || !paths || !reason || more.length > 0) throw new Error(`Not a waiver: ${line}`);
    return { rule, paths, reason };
  });
}
