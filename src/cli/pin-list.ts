import { readFile, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import {
  editPins,
  isFolder,
  type PinEdit,
  type PinLine,
  parseOrigin,
  readPinLines,
  readPinsOf,
} from '#config';
import type { Origin } from '#recipe';
import { writeWhole } from '#store';
import { type EditSession, editedFolder } from './edit-session.ts';
import { PROJECT_ROOT } from './locations.ts';

/** A line of a name as it stands now. It has no number when it stands in the project's list, below an overlay. */
export type PresentLine = Omit<PinLine, 'line'> & { readonly line: number | undefined };

/** The list that is edited, with what is known of one name. */
export type PinList = {
  readonly path: HostPath;
  /** Empty when there is no such file yet. */
  readonly text: string;
  readonly present: readonly PresentLine[];
};

/** Reads the list of the folder in use. What an overlay does not say of the name, the project's own list does. */
export async function readPinList(session: EditSession, name: string): Promise<Result<PinList>> {
  const folder = editedFolder(session);
  const path = await realPath(join(folder, 'packages.list'));
  const text = await readOptional(path);
  const lines = readPinLines(text, name, path);
  if (!lines.ok) return lines;
  const below = join(PROJECT_ROOT, 'config', 'packages.list');
  if (lines.value.length > 0 || session.flags.config === undefined) {
    return ok({ path, text, present: lines.value });
  }
  const ofProject = readPinLines(await readOptional(below), name, below);
  if (!ofProject.ok) return ofProject;
  const present = ofProject.value.map((line) => ({
    ...line,
    origin: seenFrom(path, line.origin),
    line: undefined,
  }));
  return ok({ path, text, present });
}

/** Whether the overlay folder is there; a slip in its name would otherwise make another one. */
export async function checkOverlay({ flags }: Pick<EditSession, 'flags'>): Promise<Result<void>> {
  const { config } = flags;
  if (config === undefined || (await isFolder(config))) return ok(undefined);
  return fail({
    kind: 'wrong-usage',
    subject: config,
    message: `There is no overlay folder ${config}`,
    hint: 'Make it, or begin it with a package: blazeneuro recipe new NAME URL',
  });
}

/** The text of the list with its changes, once the lines of the name are known to be read as they are meant. */
export function editedList({ path, text }: PinList, name: string, edits: readonly PinEdit[]): Result<string> {
  const edited = editPins(text, edits);
  const read = readPinsOf(edited, name, path);
  return read.ok ? ok(edited) : read;
}

/** Writes the list whole. */
export function writePinList({ path }: Pick<PinList, 'path'>, text: string): Promise<void> {
  return writeWhole(path, text);
}

/** An origin of another list as this one would write it: `file:` is beside the list. */
export function seenFrom(listFile: HostPath, origin: Origin): Origin {
  if (origin.kind !== 'file' || isAbsolute(origin.text.slice('file:'.length))) return origin;
  const member = origin.member === undefined ? '' : `#${origin.member}`;
  const text = `file:${relative(dirname(listFile), origin.path)}${member}`;
  return parseOrigin(text, listFile) ?? origin;
}

/** A list may be a link to where it is kept; writing it must not take the link's place. */
async function realPath(path: HostPath): Promise<HostPath> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return path;
    throw error;
  }
}

async function readOptional(path: HostPath): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return '';
    throw error;
  }
}
