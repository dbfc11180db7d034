import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Problem, type Result } from '#base';
import { findArchive, privateList } from './apt-archive.ts';
import { type AptPrograms, listPath, throwWhenFull } from './apt-programs.ts';

/** Lists younger than this are used as they are. */
const FRESH_MS = 24 * 60 * 60_000;

/** Makes the private lists usable. `isFresh` tells whether they were fetched just now. */
export async function prepareLists(
  state: HostPath,
  apt: AptPrograms,
  options: { readonly mustUpdate: boolean },
): Promise<Result<{ readonly isFresh: boolean }>> {
  const wanted = await wantedList(apt);
  if (!wanted.ok) return wanted;

  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  if (!options.mustUpdate && (await isUpToDate(state, wanted.value))) return ok({ isFresh: false });

  // It may hold a name and password, as apt's own entries may.
  await writeFile(listPath(state), wanted.value, { mode: 0o600 });
  const updated = await apt.update();
  throwWhenFull(updated);
  // One suite that fails does not matter as long as the others have what is asked for; what is missing shows later.
  if (updated.succeeded) await writeFile(stampPath(state), wanted.value);
  else if (updated.outcome !== 'exited') return fail(notUsable('apt-get update did not come to its end'));
  return ok({ isFresh: true });
}

/** What the private list has to say on this machine. */
async function wantedList(apt: AptPrograms): Promise<Result<string>> {
  const places = await apt.entryPlaces();
  if (places === undefined) return fail(notUsable('this machine has no apt'));
  const files = [await readIfThere(places.list), ...(await readParts(places.parts))];
  const archive = findArchive(files.filter((file) => file !== undefined));
  if (archive === undefined) {
    return fail(notUsable("this machine's apt is not set up with Debian's main archive"));
  }
  return ok(privateList(archive));
}

async function isUpToDate(state: HostPath, wanted: string): Promise<boolean> {
  const stamp = await readIfThere(stampPath(state));
  if (stamp?.text !== wanted) return false;
  const { mtimeMs } = await stat(stampPath(state));
  // A time of the future was given by a clock that was wrong: nobody knows how old these lists are.
  const ageMs = Date.now() - Math.floor(mtimeMs);
  return ageMs >= 0 && ageMs < FRESH_MS;
}

function stampPath(state: HostPath): HostPath {
  return join(state, 'updated');
}

type TextFile = { readonly name: string; readonly text: string };

async function readParts(folder: HostPath): Promise<readonly (TextFile | undefined)[]> {
  try {
    // apt reads only these two endings, in the order of their names.
    const names = (await readdir(folder)).filter((name) => /\.(list|sources)$/.test(name)).toSorted();
    return await Promise.all(names.map((name) => readIfThere(join(folder, name))));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

async function readIfThere(name: HostPath): Promise<TextFile | undefined> {
  try {
    return { name, text: await readFile(name, 'utf8') };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function notUsable(message: string): Problem {
  return { kind: 'source-unavailable', subject: 'apt', message };
}
