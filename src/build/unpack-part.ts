import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { Action } from '#plan';
import { SANDBOX_PATHS } from '#recipe';
import type { Sandbox, SandboxLimits } from '#sandbox';
import { JUDGE_FOLDER, type Judge, unpackSources } from '#source';
import type { Store } from '#store';
import type { ExecutionOptions } from './execution-options.ts';
import type { BuildLimits } from './limits.ts';
import { foldersOf, type Part } from './part.ts';
import type { Workplace } from './workplace.ts';

/** What judges archives, in the work folder: a copy, as the build user may not be able to read our own files. */
const JUDGE = 'judge';

/** The Node that we run on, and where the sandbox sees it. */
export const JUDGE_NODE = { source: process.execPath, path: `${SANDBOX_PATHS.work}/${JUDGE}/node` };

/** The sandbox that unpacks the sources of an action: the host's tools, the archives, and what judges them. */
export function unpackPart(
  action: Action,
  place: Workplace,
  { store, sourceDateEpoch }: ExecutionOptions,
  limits: SandboxLimits,
): Part {
  const sandbox: Sandbox = {
    ...foldersOf(place),
    limits,
    kind: 'cross',
    layerCount: 0,
    // An empty folder: unpacking sees no sysroot.
    layersFolder: place.out,
    readOnly: [...archivesOf(action, store), JUDGE_NODE],
    env: {
      PATH: '/usr/bin:/usr/sbin',
      LC_ALL: 'C.UTF-8',
      SOURCE_DATE_EPOCH: String(sourceDateEpoch),
      XZ_DEFAULTS: '--threads=0',
    },
    command: ['bash', `${SANDBOX_PATHS.work}/unpack.sh`],
  };
  return { sandbox, phases: ['unpack'] };
}

/** Puts what judges archives where the sandbox finds it. */
export async function placeJudge(work: HostPath): Promise<void> {
  const folder = join(work, JUDGE);
  await cp(JUDGE_FOLDER, folder, { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
}

/** Shell text that unpacks the sources of an action. */
export function unpackText({ sources }: Action, limits: BuildLimits): string {
  const unpacked = sources.map(({ folder, archive, member, leaveOut, patches }, index) => ({
    archive: archivePath(index, archive),
    folder: join(SANDBOX_PATHS.source, folder),
    ...(member === undefined ? {} : { member }),
    ...(leaveOut === undefined ? {} : { leaveOut }),
    patches,
  }));
  return unpackSources(unpacked, SANDBOX_PATHS.source, judgeWithin(limits));
}

/** What judges archives, as the sandbox sees it. */
export function judgeWithin(limits: BuildLimits): Judge {
  return {
    node: JUDGE_NODE.path,
    folder: `${SANDBOX_PATHS.work}/${JUDGE}`,
    limits: { bytes: limits.unpackedBytes, entries: limits.unpackedEntries },
  };
}

function archivesOf({ sources }: Action, store: Store): Sandbox['readOnly'] {
  return sources.map(({ digest, archive }, index) => ({
    source: store.blobPath(digest),
    path: archivePath(index, archive),
  }));
}

function archivePath(index: number, archive: string): string {
  return `${SANDBOX_PATHS.work}/archives/${index}/${archive}`;
}
