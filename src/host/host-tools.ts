import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Digest, digestOfData, fail, type HostPath, isErrno, ok, type Result } from '#base';
import { ask, firstLine } from './ask.ts';
import { findProgram, PROGRAM_FOLDERS } from './find-program.ts';
import { installCommand, packageOf, readHostPackages } from './packages.ts';
import { REQUIREMENTS } from './requirements.ts';

/** What each tool of the host says about itself, by its name in keys: `gcc` → `gcc (Debian 12.2.0-14) 12.2.0`. */
export type HostTools = Readonly<Record<string, string>>;

type Located = {
  readonly keyName: string;
  readonly program: string;
  readonly path: HostPath;
  readonly ask: readonly string[];
};

/**
 * What is kept between runs: the answers, and the state of the program files that gave them. The answers go into keys,
 * so they have a digest: a flipped bit must not pass for another compiler.
 */
type Kept = {
  readonly files: Readonly<Record<string, string>>;
  readonly tools: HostTools;
  readonly digest: Digest;
};

/**
 * The exact versions of the host's tools, which enter the keys of cross builds. With `cacheFile`, the programs are
 * asked again only when one of their files has another size, time or place.
 */
export async function hostTools(options: { readonly cacheFile?: HostPath } = {}): Promise<Result<HostTools>> {
  const located = await locateTools();
  if (!located.ok) return located;
  const files = await describeFiles(located.value);
  const kept = options.cacheFile === undefined ? undefined : await readKept(options.cacheFile);
  if (kept !== undefined && isSame(kept.files, files)) return ok(kept.tools);

  const answers = await Promise.all(located.value.map(askVersion));
  const silent = answers.find(([, version]) => version === '');
  if (silent !== undefined) return lacks([programOf(silent[0])]);
  const tools = Object.fromEntries(answers);
  if (options.cacheFile !== undefined)
    await keep(options.cacheFile, { files, tools, digest: digestOfData({ files, tools }) });
  return ok(tools);
}

/** Every path at which a tool that counts is looked for, whether it is there or not. */
export function toolPlaces(): readonly HostPath[] {
  const counting = REQUIREMENTS.filter(({ keyName }) => keyName !== undefined);
  return counting.flatMap(({ program }) => PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`));
}

async function locateTools(): Promise<Result<readonly Located[]>> {
  const wanted = REQUIREMENTS.flatMap(({ program, keyName, ask: words }) =>
    keyName === undefined ? [] : [{ program, keyName, ask: words ?? ['--version'] }],
  );
  const paths = await Promise.all(wanted.map(({ program }) => findProgram(program)));
  const missing = wanted.filter((_, index) => paths[index] === undefined).map(({ program }) => program);
  if (missing.length > 0) return lacks(missing);
  return ok(
    wanted.flatMap(({ keyName, program, ask: words }, index) => {
      const path = paths[index];
      return path === undefined ? [] : [{ keyName, program, path, ask: words }];
    }),
  );
}

async function lacks(programs: readonly string[]): Promise<Result<never>> {
  const packages = await readHostPackages();
  const owners = programs.flatMap((program) => packageOf(program, packages) ?? []);
  return fail({
    kind: 'host-lacks',
    subject: programs.join(', '),
    message: `The cross builds need tools that this machine lacks, or that do not run: ${programs.join(', ')}.`,
    hint: `On Debian and Ubuntu, as root: ${installCommand(owners)}`,
  });
}

function programOf(keyName: string): string {
  return REQUIREMENTS.find((requirement) => requirement.keyName === keyName)?.program ?? keyName;
}

async function askVersion({ keyName, program, ask: words }: Located): Promise<[string, string]> {
  // By its bare name, as in a build: GNU sed prints the path that it was called by, and no path may enter a key.
  const answer = await ask([program, ...words]);
  return [keyName, answer.succeeded ? firstLine(answer) : ''];
}

/** Question → size, time and place of the file that answers it: a package update changes at least one of them. */
async function describeFiles(located: readonly Located[]): Promise<Record<string, string>> {
  const entries = located.map(async ({ keyName, path, ask: words }) => {
    const { size, mtimeMs, ino } = await stat(path);
    return [`${keyName}: ${[path, ...words].join(' ')}`, `${size} ${mtimeMs} ${ino}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function isSame(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

async function readKept(cacheFile: HostPath): Promise<Kept | undefined> {
  try {
    const kept: unknown = JSON.parse(await readFile(cacheFile, 'utf8'));
    return isKept(kept) ? kept : undefined;
  } catch (error) {
    // Not there, or damaged: then the programs are asked, and the file is written anew.
    if (isErrno(error, 'ENOENT') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isKept(data: unknown): data is Kept {
  if (typeof data !== 'object' || data === null || !('files' in data) || !('tools' in data)) return false;
  const { files, tools } = data;
  if (!isStrings(files) || !isStrings(tools)) return false;
  return 'digest' in data && data.digest === digestOfData({ files, tools });
}

function isStrings(data: unknown): boolean {
  return (
    typeof data === 'object' && data !== null && Object.values(data).every((text) => typeof text === 'string')
  );
}

async function keep(cacheFile: HostPath, kept: Kept): Promise<void> {
  await mkdir(dirname(cacheFile), { recursive: true });
  const beside = `${cacheFile}.${process.pid}.new`;
  await writeFile(beside, `${JSON.stringify(kept, undefined, 2)}\n`);
  await rename(beside, cacheFile);
}
