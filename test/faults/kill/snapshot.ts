import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { ArtifactRecord } from '#store';

/** Every path below a folder, with what is to be the same after any run; times and measurements are left out. */
export type Snapshot = ReadonlyMap<string, string>;

/** What a place holds when nothing runs in it: its store, and what was made for people. */
export async function snapshot(place: HostPath): Promise<Snapshot> {
  const found = new Map<string, string>();
  for (const folder of ['store', 'cwd/out']) await describe(place, folder, found);
  return found;
}

/** The differences between what is and what should be, one a line. */
export function differences(actual: Snapshot, expected: Snapshot): string[] {
  const missing = [...expected.keys()].filter((path) => !actual.has(path));
  const extra = [...actual.keys()].filter((path) => !expected.has(path));
  const other = [...expected].filter(([path, what]) => actual.has(path) && actual.get(path) !== what);
  return [
    ...missing.map((path) => `missing: ${path}`),
    ...extra.map((path) => `extra: ${path}`),
    ...other.map(([path, what]) => `other: ${path}: ${actual.get(path)} instead of ${what}`),
  ];
}

async function describe(place: HostPath, path: string, found: Map<string, string>): Promise<void> {
  // Kept by a run that had nothing to do: how many of them there were is no matter of the result.
  if (path === 'store/state/looks') return;
  const whole = join(place, path);
  const facts = await lstat(whole);
  const mode = (facts.mode & 0o7777).toString(8);
  if (facts.isDirectory()) {
    found.set(path, `folder ${mode}`);
    for (const name of await readdir(whole)) await describe(place, join(path, name), found);
    return;
  }
  if (facts.isSymbolicLink()) found.set(path, `link to ${await readlink(whole)}`);
  else found.set(path, `file ${mode} ${await content(whole, path, facts.mtimeMs)}`);
}

async function content(whole: HostPath, path: string, mtimeMs: number): Promise<string> {
  // How long a build took, when it was used, and by which process, differ from run to run.
  if (/^store\/(?:keys|builds)\//.test(path)) {
    const { key, artifact } = JSON.parse(await readFile(whole, 'utf8')) as ArtifactRecord;
    return `${key} gave ${artifact}`;
  }
  if (/^store\/(?:lock$|uses\/|state\/)/.test(path)) return 'of any content';
  const digest = createHash('sha256')
    .update(await readFile(whole))
    .digest('hex');
  return path.startsWith('store/artifacts/') && path.includes('/tree/') ? `${digest} of ${mtimeMs}` : digest;
}
