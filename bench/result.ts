import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '#base';
import type { Machine } from './machine.ts';

export const ROW_NAMES = ['p1', 'p2', 'p3', 'p4', 'p6', 'p7', 'p8', 'p9', 'p10'] as const;
export type RowName = (typeof ROW_NAMES)[number];

/** One build as a run saw it; times in milliseconds from the start of its sample. */
export type BuildTimes = {
  readonly build: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly cpuMs: number;
  /** Wall time by phase, unpacking among them. */
  readonly phases: Readonly<Record<string, number>>;
  /** CPU time by phase, where the program tells it. */
  readonly phaseCpu?: Readonly<Record<string, number>>;
};

/** One measurement of one contestant (`arm`): numbers with their unit at the end of their name. */
export type Sample = {
  readonly arm: string;
  /** Samples of one run are parts of it, as when it was interrupted and went on. */
  readonly run: string;
  readonly figures: Readonly<Record<string, number>>;
  /** What was asked for, where it was not everything. */
  readonly targets?: readonly string[];
  /** Stages that were built anew, while all before them was there. */
  readonly again?: readonly string[];
  /** Whether it came to its end. */
  readonly complete: boolean;
  readonly builds?: readonly BuildTimes[];
  /** How busy the cores were with it in each ten seconds, in percent. */
  readonly busyPercents?: readonly number[];
};

/** The raw figures of one invocation: what bench/results keeps. No name or path of the machine is in it. */
export type ResultFile = {
  readonly row: RowName;
  readonly startedAt: string;
  readonly program: { readonly version: string; readonly revision: string; readonly isEdited: boolean };
  readonly machine: Machine;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** What others did on the machine before the first sample, in percent of all cores; more than 5 disturbs. */
  readonly otherLoadPercent: number;
  readonly samples: readonly Sample[];
  /** What each build needs directly, where the row is about a graph. */
  readonly graph?: Readonly<Record<string, readonly string[]>>;
};

/** From which share of the machine on others count as a disturbance. */
export const DISTURBED_PERCENT = 5;

/** Whether others were busy on the machine when the figures were taken. */
export function isDisturbed(result: ResultFile): boolean {
  return loadOfOthersPercent(result) > DISTURBED_PERCENT;
}

/** The most that others kept busy of all cores: before the first sample, or during one that counted it. */
export function loadOfOthersPercent({ otherLoadPercent, samples }: ResultFile): number {
  const meanwhile = samples.map(({ figures }) => {
    const { cpuMs, machineBusyMs, machineOtherMs } = figures;
    if (cpuMs === undefined || machineBusyMs === undefined || machineOtherMs === undefined) return 0;
    return (100 * (machineBusyMs - cpuMs)) / (machineBusyMs + machineOtherMs);
  });
  return Math.round(Math.max(otherLoadPercent, ...meanwhile) * 10) / 10;
}

const RESULTS = join(import.meta.dirname, 'results');

/** Keeps a result, whole or not at all, in the place of what it said before. */
export async function keepResult(result: ResultFile, folder = RESULTS): Promise<string> {
  await mkdir(join(folder, result.row), { recursive: true });
  const path = join(folder, result.row, `${result.startedAt.replaceAll(':', '-')}.json`);
  await writeFile(`${path}.new`, formatResult(result));
  await rename(`${path}.new`, path);
  return path;
}

/** Every result of a row, oldest first. */
export async function readResults(row: RowName, folder = RESULTS): Promise<ResultFile[]> {
  const names = await namesIn(join(folder, row));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, row, name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as ResultFile);
}

/** Removes a row's results that are older than this one. */
export async function forgetOlder(result: ResultFile, folder = RESULTS): Promise<void> {
  for (const older of await readResults(result.row, folder)) {
    if (older.startedAt >= result.startedAt) continue;
    await rm(join(folder, result.row, `${older.startedAt.replaceAll(':', '-')}.json`));
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** A line for each sample and each build: small, and a difference is easy to read. */
function formatResult({ samples, graph, ...facts }: ResultFile): string {
  const head = Object.entries(facts).map(([name, value]) => `  "${name}": ${JSON.stringify(value)},`);
  const needs = Object.entries(graph ?? {}).map(([name, own]) => `    "${name}": ${JSON.stringify(own)}`);
  const graphLines = graph === undefined ? [] : ['  "graph": {', needs.join(',\n'), '  },'];
  const sampleLines = samples.map(formatSample).join(',\n');
  return ['{', ...head, ...graphLines, '  "samples": [', sampleLines, '  ]', '}', ''].join('\n');
}

function formatSample({ builds, ...sample }: Sample): string {
  const text = JSON.stringify(sample);
  if (builds === undefined || builds.length === 0) return `    ${text}`;
  const lines = builds.map((build) => `      ${JSON.stringify(build)}`).join(',\n');
  return `    ${text.slice(0, -1)}, "builds": [\n${lines}\n    ]}`;
}
