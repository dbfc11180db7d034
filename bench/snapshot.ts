import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno, ProblemError } from '#base';
import { problemOf, runProgram } from '#process';
import type { BenchOptions } from './options.ts';
import type { ResultFile } from './result.ts';

const CHECKOUT = join(import.meta.dirname, '..');

/** What the program needs of a checkout. */
const PARTS = [
  'blazeneuro',
  'package.json',
  'package-lock.json',
  '.npmrc',
  'config',
  'recipes',
  'src',
  'node_modules',
];

/** A copy of the checkout, which edits in the checkout meanwhile do not disturb. */
export type Snapshot = { readonly folder: string; readonly program: ResultFile['program'] };

/** The checkout as it lies there, for who changes nothing meanwhile. */
export async function checkoutItself(): Promise<Snapshot> {
  return { folder: CHECKOUT, program: await describeProgram() };
}

/** Copies the checkout into a new folder, or a commit of it; where it goes on, a copy that is there is used as it is. */
export async function takeSnapshot(
  folder: string,
  { goesOn, revision }: Pick<BenchOptions, 'goesOn' | 'revision'>,
): Promise<Snapshot> {
  const present = goesOn ? await readSnapshot(folder) : undefined;
  if (present !== undefined) return present;
  await mkdir(folder, { recursive: true });
  const copied = revision === undefined ? PARTS : ['node_modules'];
  if (revision !== undefined) await extractCommit(revision, folder);
  for (const part of copied) await copyTree(join(CHECKOUT, part), join(folder, part));
  await compileAhead(folder);
  const snapshot = { folder, program: await describeProgram(revision) };
  await writeFile(join(folder, 'snapshot.json'), JSON.stringify(snapshot.program));
  return snapshot;
}

/** Which program is measured: its version, the commit, and whether the checkout has been edited since. */
export async function describeProgram(commit?: string): Promise<ResultFile['program']> {
  const { version } = JSON.parse(await readFile(join(CHECKOUT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const revision = await runGit(['rev-parse', '--short=12', commit ?? 'HEAD']);
  const ours = PARTS.filter((part) => part !== 'node_modules');
  const edited = commit === undefined ? await runGit(['status', '--porcelain', '--', ...ours]) : '';
  return { version, revision: revision.trim(), isEdited: edited.trim() !== '' };
}

/** As the launcher does it when it has installed npm's packages. What is compiled is kept by path. */
async function compileAhead(folder: string): Promise<void> {
  const script = join(folder, 'src/cli/compile-ahead.ts');
  // A commit from before there was one.
  if (!existsSync(script)) return;
  const env = { PATH: '/usr/bin:/bin', NODE_COMPILE_CACHE: join(folder, 'node_modules/.cache/compiled') };
  const argv = [join(folder, 'node_modules/.bin/node'), script];
  const result = await runProgram({ argv, env });
  if (!result.succeeded) throw new ProblemError(problemOf(result, { kind: 'wrong-usage', subject: script }));
}

async function extractCommit(revision: string, folder: string): Promise<void> {
  const archive = join(folder, 'commit.tar');
  const env = { PATH: '/usr/bin:/bin', HOME: '/' };
  for (const argv of [
    ['git', '-C', CHECKOUT, 'archive', `--output=${archive}`, revision],
    ['tar', '--extract', `--file=${archive}`, `--directory=${folder}`],
  ]) {
    const result = await runProgram({ argv, env });
    if (!result.succeeded)
      throw new ProblemError(problemOf(result, { kind: 'wrong-usage', subject: revision }));
  }
  // npm's packages are newer than their list; a fresh list must not look newer still.
  await utimes(join(folder, 'package-lock.json'), 0, 0);
}

/** Copies a tree with its times; the data is shared where the file system can. */
export async function copyTree(source: string, target: string): Promise<void> {
  const argv = ['cp', '--archive', '--reflink=auto', '--no-target-directory', source, target];
  const result = await runProgram({ argv, env: { PATH: '/usr/bin:/bin' } });
  if (!result.succeeded) {
    throw new ProblemError(problemOf(result, { kind: 'no-space', subject: target }));
  }
}

/** A store with the sources that another one has, and nothing built. */
export async function copySources(from: string, to: string): Promise<void> {
  const wanted = (await namesIn(from)).filter((name) => name === 'version' || name === 'blobs');
  await mkdir(to, { recursive: true });
  for (const name of wanted) await copyTree(join(from, name), join(to, name));
}

async function readSnapshot(folder: string): Promise<Snapshot | undefined> {
  if (!(await namesIn(folder)).includes('snapshot.json')) return undefined;
  const text = await readFile(join(folder, 'snapshot.json'), 'utf8');
  return { folder, program: JSON.parse(text) as ResultFile['program'] };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

async function runGit(words: readonly string[]): Promise<string> {
  const argv = ['git', '-C', CHECKOUT, ...words];
  const result = await runProgram({ argv, env: { PATH: '/usr/bin:/bin', HOME: '/' } });
  // A checkout without its history is measured just as well.
  return result.succeeded ? result.stdout : 'unknown';
}
