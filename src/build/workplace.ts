import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, type HostPath, isErrno } from '#base';
import type { PlannedBuild } from '#plan';
import { removeTree, type Store } from '#store';

/** The folders of one execution, all below one staging folder; gone with the scope, unless they were kept. */
export type Workplace = AsyncDisposable & {
  readonly root: HostPath;
  readonly work: HostPath;
  readonly out: HostPath;
  readonly layers: HostPath;
  readonly log: HostPath;
};

/** A workplace with the sysroot's layers in their place. */
export type StackedWorkplace = Workplace & { readonly layerCount: number };

/** The script in a workplace that runs its last sandbox again. */
export const REPLAY_FILE = 'replay.sh';

/** Makes the folders of an execution, with the files that the build finds beside its source. */
export async function openWorkplace(
  planned: PlannedBuild,
  { store, logsFolder }: { readonly store: Store; readonly logsFolder: HostPath },
): Promise<Workplace> {
  const root = await store.stagingFolder();
  const [work, out, layers] = [join(root, 'work'), join(root, 'out'), join(root, 'layers')];
  const log = join(logsFolder, `${planned.name}.log`);
  for (const folder of [join(work, 'source'), out, layers, dirname(log)]) {
    await mkdir(folder, { recursive: true });
  }
  await placeFiles(planned, work);
  return { root, work, out, layers, log, [Symbol.asyncDispose]: () => removeTree(root) };
}

/** Puts the sysroot's layers in their place, the last need on top: all overlay options must fit into one page. */
export async function stackLayers(
  place: Workplace,
  needs: readonly Digest[],
  store: Store,
): Promise<StackedWorkplace> {
  const topFirst = [...new Set([...needs].reverse())];
  for (const [index, artifact] of topFirst.entries()) {
    await symlink(store.treePath(artifact), join(place.layers, String(index)));
  }
  await writeFile(join(place.root, 'layer-count'), String(topFirst.length));
  return { ...place, layerCount: topFirst.length };
}

/** Where a failed build's workplace is kept. */
export async function failedFolder(build: string, store: Store): Promise<HostPath> {
  return join(await store.stateFolder('failed'), build.replaceAll('/', '.'));
}

/** Removes what an earlier failure of a build left. */
export async function forgetFailure(build: string, store: Store): Promise<void> {
  await removeTree(await failedFolder(build, store));
}

/** Keeps a workplace as it is, for `shell` and to replay it. */
export async function keepFailure(build: string, place: Workplace, store: Store): Promise<void> {
  await forgetFailure(build, store);
  const kept = await failedFolder(build, store);
  await pointReplay(join(place.root, REPLAY_FILE), place.root, kept);
  await rename(place.root, kept);
}

/** The script names the folders of the sandbox: they lie elsewhere once the workplace is kept. */
async function pointReplay(script: HostPath, before: HostPath, after: HostPath): Promise<void> {
  try {
    await writeFile(script, (await readFile(script, 'utf8')).replaceAll(before, after));
  } catch (error) {
    // It failed before it had a sandbox.
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

async function placeFiles(planned: PlannedBuild, work: HostPath): Promise<void> {
  for (const [path, digest] of Object.entries(planned.action.files)) {
    const bytes = planned.contents.get(digest);
    if (bytes === undefined) throw new Error(`No contents for ${path} of ${planned.name}`);
    await mkdir(dirname(join(work, path)), { recursive: true });
    await writeFile(join(work, path), bytes);
  }
}
