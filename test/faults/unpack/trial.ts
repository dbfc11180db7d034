import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackSources } from '#source';
import { judgeArchive } from '../../../src/source/archive/judge-archive.ts';
import { describeRefusal } from '../../../src/source/archive/refusal.ts';
import { archiveOf, type Trial } from './archives.ts';
import { type Bench, removeAll, runBash } from './bench.ts';
import { digestOfCanary, leavingLinks, lookAt } from './look.ts';

/** Small, so that small archives come to them. */
const LIMITS = { bytes: 2 << 20, entries: 200, pathBytes: 1024, depth: 20 };

/** Attacks on limits that the judge has in here only. */
const NOT_THE_WHOLE_WAY = ['too deep', 'name too long'];

/** How GNU tar is told to take what the judge has written, as in src/source/unpack.ts; and an archive itself. */
const OURS = '--no-same-owner --no-same-permissions --touch';
const GNU = '--no-same-owner --no-same-permissions';

const FORMATS = ['gnu', 'oldgnu', 'pax'];
const COMPRESSORS = ['cat', 'gzip -1', 'xz -0', 'bzip2 -1', 'zstd -q'];

/** What came of an archive: faults are what must not be. */
export type Verdict = {
  readonly trial: Trial;
  /** What was said of it; empty when it was taken. */
  readonly refusal: string;
  readonly faults: readonly string[];
};

export type TrialOptions = {
  readonly seed: number;
  readonly wholeEvery: number;
  /** Default: the real one. */
  readonly judge?: typeof judgeArchive;
};

/**
 * Tries archives by their numbers: the judge in this process, then GNU tar with what the judge wrote, also where it
 * refused; good ones also by GNU tar alone. Each `wholeEvery`th goes the whole way besides: what real tar makes of its
 * tree, or the attack itself, is unpacked by the text that builds run.
 */
export function tryArchives(bench: Bench, numbers: readonly number[], options: TrialOptions): Verdict[] {
  const before = digestOfCanary(bench.canary);
  const judged = numbers.map((number) =>
    judge(bench, archiveOf(number, options.seed, bench.canary), options),
  );
  runBash(judged.map(({ trial }) => unpackText(bench, trial)).join('\n'));
  const whole = judged.filter(
    ({ trial }) => trial.number % options.wholeEvery === 0 && !NOT_THE_WHOLE_WAY.includes(trial.attack),
  );
  runBash(whole.map(({ trial }) => wholeWayText(bench, trial)).join('\n'));
  const verdicts = judged.map((one) => ({
    ...one,
    faults: [...faultsOf(bench, one), ...(whole.includes(one) ? wholeWayFaults(bench, one) : [])],
  }));
  removeAll(...numbers.map((number) => folderOf(bench, number)));
  if (digestOfCanary(bench.canary) === before) return verdicts;
  return verdicts.map((verdict) => ({
    ...verdict,
    faults: [...verdict.faults, 'the canary changed, by one of these'],
  }));
}

type Judged = { readonly trial: Trial; readonly refusal: string };

function folderOf({ folder }: Bench, number: number): string {
  return join(folder, String(number));
}

function judge(bench: Bench, trial: Trial, { judge: judgeIt = judgeArchive }: TrialOptions): Judged {
  const folder = folderOf(bench, trial.number);
  for (const name of ['ours', 'gnu']) mkdirSync(join(folder, name), { recursive: true });
  let at = 0;
  // Pieces of odd sizes, as a pipe gives them.
  const read = (into: Buffer) => {
    const piece = trial.bytes.subarray(at, at + 1 + (at % 4099));
    const count = piece.copy(into);
    at += count;
    return count;
  };
  const written: Buffer[] = [];
  const refusal = judgeIt(read, (bytes) => void written.push(Buffer.from(bytes)), LIMITS);
  writeFileSync(join(folder, 'in.tar'), trial.bytes);
  writeFileSync(join(folder, 'judged.tar'), Buffer.concat(written));
  return { trial, refusal: refusal === undefined ? '' : describeRefusal('a', refusal) };
}

function unpackText(bench: Bench, { number, kind }: Trial): string {
  const alone = kind === 'good' ? `tar -xf in.tar -C gnu ${GNU} 2> gnu.log; echo $? > gnu.code` : ':';
  return `cd ${folderOf(bench, number)}; tar -xf judged.tar -C ours ${OURS} 2> ours.log; echo $? > ours.code; ${alone}`;
}

function wholeWayText(bench: Bench, { number, kind }: Trial): string {
  const folder = folderOf(bench, number);
  const tree = join(folder, 'whole');
  const compress = COMPRESSORS[number % COMPRESSORS.length];
  const made =
    kind === 'good' ? `tar -c --format=${FORMATS[number % FORMATS.length]} -C gnu .` : 'cat in.tar';
  const judgeFolder = join(import.meta.dirname, '../../../src/source/archive');
  const source = { archive: join(folder, 'real'), folder: tree, patches: [] };
  const unpack = unpackSources([source], tree, {
    node: process.execPath,
    folder: judgeFolder,
    limits: LIMITS,
  });
  return `cd ${folder}; ${made} | ${compress} > real
( set -eu -o pipefail
${unpack}
) > whole.log 2>&1
echo $? > whole.code`;
}

function faultsOf(bench: Bench, { trial, refusal }: Judged): string[] {
  const folder = folderOf(bench, trial.number);
  const expected = ['gnu', 'gnu.code', 'gnu.log', 'in.tar', 'judged.tar', 'ours', 'ours.code', 'ours.log'];
  const others = readdirSync(folder).filter(
    (name) => !expected.includes(name) && !/^(?:whole(?:\.\w+)?|real)$/.test(name),
  );
  const faults = others.map((name) => `${name} was made beside the tree`);
  if (trial.kind === 'good' && refusal !== '') faults.push(`it is good, and was refused: ${refusal}`);
  if (trial.kind === 'evil' && !trial.says.test(refusal)) {
    faults.push(`it is evil, and was not refused for that: ${refusal || 'it was taken'}`);
  }
  if (refusal === '' && readCode(folder, 'ours') !== 0) faults.push(`tar failed: ${readLog(folder, 'ours')}`);
  const ours = lookAt(join(folder, 'ours'));
  const special = ours.filter(
    ({ kind, line }) => kind === 'special' || / (?:file|folder) [1-7]\d{3}/.test(line),
  );
  faults.push(...special.map(({ line }) => `a special file or bit: ${line}`));
  if (refusal === '') {
    const tops = readdirSync(join(folder, 'ours'), { withFileTypes: true });
    const top = tops.length === 1 && tops[0]?.isDirectory() === true ? `/${tops[0].name}` : '';
    const tree = `${join(folder, 'ours')}${top}`;
    faults.push(...leavingLinks(tree, lookAt(tree)).map((path) => `a link leads out: ${path}`));
  }
  if (trial.kind === 'good') faults.push(...differences(join(folder, 'gnu'), join(folder, 'ours')));
  return faults;
}

function wholeWayFaults(bench: Bench, { trial, refusal }: Judged): string[] {
  const folder = folderOf(bench, trial.number);
  const code = readCode(folder, 'whole');
  const log = readLog(folder, 'whole');
  if (trial.kind === 'good') {
    const tops = readdirSync(join(folder, 'gnu'));
    const tree = tops.length === 1 ? join(folder, 'gnu', tops[0] ?? '') : join(folder, 'gnu');
    return code === 0 ? differences(tree, join(folder, 'whole')) : [`the whole way failed: ${log}`];
  }
  if ((code === 0) !== (refusal === '')) return [`the whole way ended with ${code}: ${log}`];
  const sentence = refusal.replace('The archive a ', 'The archive real ');
  return code === 0 || log.split('\n').includes(sentence)
    ? []
    : [`the whole way does not say ${sentence}: ${log}`];
}

function differences(gnu: string, ours: string): string[] {
  const [left, right] = [gnu, ours].map((tree) => lookAt(tree).map(({ line }) => line));
  return [
    ...(left ?? [])
      .filter((line) => right?.includes(line) !== true)
      .map((line) => `only GNU tar has ${line}`),
    ...(right ?? [])
      .filter((line) => left?.includes(line) !== true)
      .map((line) => `GNU tar does not have ${line}`),
  ];
}

function readCode(folder: string, name: string): number {
  return Number(readFileSync(join(folder, `${name}.code`), 'utf8'));
}

function readLog(folder: string, name: string): string {
  return readFileSync(join(folder, `${name}.log`), 'utf8').trim();
}
