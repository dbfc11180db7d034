import { readFile } from 'node:fs/promises';
import { formatBytes, type HostPath, isErrno, ok, type Result } from '#base';
import { archiveName, BUNDLE_LISTS, type BundledSource, type ChosenPin, writeBundle } from '#source';
import { configFolders, PROJECT_ROOT } from './locations.ts';
import type { Session } from './session.ts';

/** Writes sources that the store holds into one archive, with the lists that pin them. */
export async function writeSourcesBundle(
  session: Session,
  file: HostPath,
  chosen: Iterable<ChosenPin>,
): Promise<Result<void>> {
  const startedAtMs = performance.now();
  const sources = [...chosen].map((one) => bundledSource(session, one));
  const lists = await readLists(session);
  const written = await writeBundle(
    file,
    { sources, lists, timeSeconds: session.sourceDateEpoch },
    session.store,
  );
  if (!written.ok) return written;
  const detail = `${file}, ${sources.length} sources, ${formatBytes(written.value)}`;
  const durationMs = Math.round(performance.now() - startedAtMs);
  session.emit({ type: 'step-finished', step: 'write bundle', durationMs, detail });
  return ok(undefined);
}

/** A source with all places that are pinned for the same bytes. */
function bundledSource({ project }: Session, { pin }: ChosenPin): BundledSource {
  const { name, version, digest, origin } = pin;
  const same = (project.pins.get(name) ?? []).filter((other) => other.digest === digest);
  return { name, version, digest, archive: archiveName(origin), origins: same.map((one) => one.origin.text) };
}

/** The lists of pins as they are, the project's own and the overlay's. */
async function readLists({ flags }: Session) {
  const files = configFolders({ root: PROJECT_ROOT, overlay: flags.config }, 'packages.list');
  const lists = BUNDLE_LISTS.slice(0, files.length).map(async (name, index) => {
    const bytes = await readOptional(files[index] ?? name);
    return bytes === undefined ? [] : [{ name, bytes }];
  });
  return (await Promise.all(lists)).flat();
}

async function readOptional(path: HostPath): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    // An overlay need not pin anything.
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
