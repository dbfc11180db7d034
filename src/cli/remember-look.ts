import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestOfBytes, type HostPath, isErrno } from '#base';
import { recipeImports } from '#config';
import type { Event } from '#event';
import { toolPlaces } from '#host';
import { type ArtifactRecord, guardedFolders, recordPlaces, usePath, writeWhole } from '#store';
import { imagePath, type MadeFrom, madeFromFile } from './image-parts.ts';
import { digestOfProcess, type Look, lookFile, lookText, standingOf } from './last-look.ts';
import { PROJECT_ROOT } from './locations.ts';
import { userOf } from './note-use.ts';
import { digestOfPlaces, gatherPlaces, latestChangeMs, treeOf } from './places.ts';
import type { Session } from './session.ts';

/**
 * A file that was changed later than this before the run began could have been changed again after it was read, without
 * another time: FAT's times have steps of two seconds.
 */
const SETTLED_MS = 3000;

/** So many command lines have their looks kept; the oldest go. */
const MOST_LOOKS = 32;

/** What a look went by, besides the project. */
export type Looked = {
  readonly goals: readonly string[];
  readonly records: readonly ArtifactRecord[];
  /** The image that is there; absent when it is no goal. */
  readonly image?: MadeFrom | undefined;
  /** What is to be told. */
  readonly events: readonly Event[];
};

/**
 * Why no look is kept, and the next run looks properly as well: a store that cannot be written to, or is full; or
 * something that we look at goes away meanwhile.
 */
const NOT_KEPT = ['EROFS', 'EACCES', 'ENOSPC', 'EDQUOT', 'ENOENT', 'ENOTDIR'];

/** Keeps what was looked at, unless that could have changed while we looked. */
export async function rememberLook(session: Session, looked: Looked): Promise<void> {
  if (!isRepeatable(session)) return;
  const file = lookFile(session.storeRoot, process.argv.slice(2));
  try {
    const look = await describeLook(session, looked);
    if (look === undefined) return;
    await writeWhole(file, lookText(look));
    forgetOldest(dirname(file));
  } catch (error) {
    if (!NOT_KEPT.some((code) => isErrno(error, code))) throw error;
  }
}

async function describeLook(session: Session, looked: Looked): Promise<Look | undefined> {
  const { flags, storeRoot } = session;
  const people = [...projectPlaces(flags.config), ...toolPlaces()];
  const ours = [...storePlaces(session, looked), ...(await imagePlaces(session, looked))];
  const places = gatherPlaces([...people, ...ours]);
  const placesDigest = digestOfPlaces(places);
  // Asked last: whatever changed before that is seen now, and whatever changes later has another digest.
  if (latestChangeMs(people) > performance.timeOrigin - SETTLED_MS) return undefined;
  if (!isOurImage(session, looked)) return undefined;
  const use = usePath(storeRoot, userOf(session, looked.goals));
  return {
    format: 1,
    process: digestOfProcess(),
    flags,
    places,
    placesDigest,
    folders: Object.fromEntries(guardedFolders(storeRoot).map((folder) => [folder, standingOf(folder)])),
    use: { path: use, digest: digestOfBytes(readFileSync(use)) },
    events: looked.events,
  };
}

/** Whether the same command line would do nothing, and tell nothing else, for as long as nothing changes. */
function isRepeatable({ flags, hasWarned }: Session): boolean {
  const { trace, rebuild, check, dryRun } = flags;
  if (trace !== undefined || rebuild.length > 0 || check || dryRun) return false;
  return !hasWarned() && recipeImports().areFilesOnly;
}

/** All that people write, and the program itself. */
function projectPlaces(overlay: HostPath | undefined): HostPath[] {
  const ours = ['config', 'recipes', 'src', 'package.json', 'package-lock.json'];
  const theirs = [
    'packages.list',
    'mirrors.list',
    'signatures.list',
    'keys',
    'recipes',
    'profiles',
    'kernel',
  ];
  return [
    ...ours.flatMap((name) => treeOf(join(PROJECT_ROOT, name))),
    ...(overlay === undefined ? [] : [overlay, ...theirs.flatMap((name) => treeOf(join(overlay, name)))]),
    ...recipeImports().files,
  ];
}

/** The sources that could have been chosen, and what stands for the artifacts. */
function storePlaces({ project, store, storeRoot }: Session, { records }: Looked): HostPath[] {
  const pins = [...project.pins.values()].flat();
  return [
    join(storeRoot, 'version'),
    join(storeRoot, 'state', 'host', 'tools.json'),
    ...pins.map(({ digest }) => store.blobPath(digest)),
    ...records.flatMap((record) => recordPlaces(storeRoot, record)),
  ];
}

async function imagePlaces(session: Session, { image }: Looked): Promise<HostPath[]> {
  return image === undefined ? [] : [imagePath(session), await madeFromFile(session, imagePath(session))];
}

/** Somebody may have booted it meanwhile, and let it be written to. */
function isOurImage(session: Session, { image }: Looked): boolean {
  if (image === undefined) return true;
  return statSync(imagePath(session), { throwIfNoEntry: false })?.mtimeMs === image.modifiedMs;
}

function forgetOldest(folder: HostPath): void {
  const looks = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (looks.length <= MOST_LOOKS) return;
  const dated = looks.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }));
  const oldest = dated.toSorted((a, b) => a.at - b.at).slice(0, looks.length - MOST_LOOKS);
  for (const { name } of oldest) rmSync(join(folder, name), { force: true });
}
