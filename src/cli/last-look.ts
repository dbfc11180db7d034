import { lstatSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfBytes, digestOfData, type HostPath, isErrno, ok } from '#base';
import type { Emit, Event } from '#event';
import type { Flags } from './flags.ts';
import { PROJECT_ROOT, storeFolder } from './locations.ts';
import { digestOfPlaces, type Places } from './places.ts';

/**
 * What a run that had nothing to do had looked at, and what it told. While all that is as it was, the same command line
 * has nothing to do again: see docs/decisions/no-op-by-last-look.md.
 */
export type Look = {
  /** Bump when a look means something else. */
  readonly format: 1;
  /** Everything about the process that a recipe, or we, could ask for. */
  readonly process: Digest;
  readonly flags: Flags;
  /** Every file that was read, or asked for and not there: the project's, the store's, the tools of the machine. */
  readonly places: Places;
  readonly placesDigest: Digest;
  /** Folders that only have to belong to the same user, with the same mode: in a store there is a coming and going. */
  readonly folders: Readonly<Record<HostPath, string>>;
  /** The record of use that garbage collection goes by, and its bytes; it gets the time of this run. */
  readonly use: { readonly path: HostPath; readonly digest: Digest };
  readonly events: readonly Event[];
};

/** Tells once more what the last look told, if nothing has changed since. Its exit code; undefined: look properly. */
export async function repeatLastLook(argv: readonly string[]): Promise<number | undefined> {
  // Only a build can have nothing to do.
  if (!argv.includes('build')) return undefined;
  const storeRoot = storeFolder(process.env);
  const look = isOursAlone(storeRoot) ? readLook(lookFile(storeRoot, argv)) : undefined;
  if (look === undefined || !holds(look)) return undefined;
  if (!markUse(look)) return undefined;
  const { tellRun } = await import('./told-run.ts');
  const act = async (emit: Emit) => {
    for (const event of look.events) emit(event);
    return ok(0);
  };
  return tellRun(look.flags, act, 'run');
}

/** Where the look of a command line is kept: another folder to run in is another command. */
export function lookFile(storeRoot: HostPath, argv: readonly string[]): HostPath {
  const name = digestOfData({ argv, cwd: process.cwd(), project: PROJECT_ROOT });
  return join(storeRoot, 'state', 'looks', `${name}.json`);
}

/** The environment whole, since nobody knows which of it a recipe reads; who we are; the program that runs us. */
export function digestOfProcess(): Digest {
  const user = [process.getuid?.(), process.geteuid?.(), process.getgid?.()];
  return digestOfData({ env: { ...process.env }, user, node: [process.execPath, process.version] });
}

/** Whose a folder is, and who may write to it; `-` when it is none. */
export function standingOf(folder: HostPath): string {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true ? `${found.mode} ${found.uid}` : '-';
}

/** The text of a look: its digest, and the look. */
export function lookText(look: Look): string {
  const text = JSON.stringify(look);
  return `${digestOfBytes(text)}\n${text}\n`;
}

/** Whether nobody else could have written a look: it says itself what it is compared with. */
function isOursAlone(storeRoot: HostPath): boolean {
  const us = process.geteuid?.();
  return [storeRoot, join(storeRoot, 'state'), join(storeRoot, 'state', 'looks')].every((folder) => {
    const found = statSync(folder, { throwIfNoEntry: false });
    return found?.isDirectory() === true && found.uid === us && (found.mode & 0o022) === 0;
  });
}

/** A look that is damaged, or was never there, is none: it is only kept to save time. */
function readLook(file: HostPath): Look | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR') || isErrno(error, 'EACCES')) return undefined;
    throw error;
  }
  const end = text.indexOf('\n');
  const body = text.slice(end + 1, -1);
  if (text.slice(0, end) !== digestOfBytes(body)) return undefined;
  const look = JSON.parse(body) as Look;
  return look.format === 1 ? look : undefined;
}

function holds(look: Look): boolean {
  if (look.process !== digestOfProcess()) return false;
  const isStanding = ([folder, standing]: readonly [HostPath, string]) => standingOf(folder) === standing;
  return Object.entries(look.folders).every(isStanding) && digestOfPlaces(look.places) === look.placesDigest;
}

/** Gives the record of use the time of now. False when it is not the one that was written. */
function markUse({ use }: Look): boolean {
  try {
    if (digestOfBytes(readFileSync(use.path)) !== use.digest) return false;
    const now = new Date();
    utimesSync(use.path, now, now);
    return true;
  } catch (error) {
    // Collected, or a store that cannot be written to, which a proper look tells of.
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS'].some((code) => isErrno(error, code))) return false;
    throw error;
  }
}
