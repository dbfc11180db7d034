import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type HostPath, unwrap } from '#base';
import { imageParts, knownKeys, makePlan, readParts, type Session } from '#cli';
import type { ImageInput } from '#image';
import type { Seen } from './seen.ts';
import type { Surroundings } from './variation.ts';

/** What an image is made from. */
export type AssemblyInputs = {
  readonly input: ImageInput;
  /** The tools' artifacts, the lowest first; none when they are the host's. */
  readonly toolLayers: readonly Digest[];
  /** Artifacts lie in it as `<digest>/tree`. */
  readonly artifactsFolder: HostPath;
};

/** What `assemble-again.ts` is told, as a file. */
export type AssemblyRequest = AssemblyInputs & {
  /** Where the tools' artifacts lie: an overlay over a file system like disorderfs loses files now and then. */
  readonly toolsFolder: HostPath;
  readonly scratchFolder: HostPath;
  readonly outFolder: HostPath;
  readonly surroundings: Surroundings;
};

/** What it says on stdout. */
export type AssemblyAnswer = {
  readonly imagePath: HostPath;
  readonly manifestPath: HostPath;
  readonly seen: Seen;
};

/** Everything that a profile's image is made from; undefined when some of it has not been built. */
export async function profileInputs(session: Session): Promise<AssemblyInputs | undefined> {
  const plan = unwrap(await makePlan(session, ['image']));
  const states = await knownKeys(plan, session.store);
  const records = new Map([...states].flatMap(([name, { record }]) => (record ? [[name, record]] : [])));
  if (records.size < plan.builds.size) return undefined;
  const parts = imageParts(session, plan, records);
  return {
    input: unwrap(await readParts(session, parts)),
    toolLayers: parts.toolLayers,
    artifactsFolder: join(session.storeRoot, 'artifacts'),
  };
}

/** Reads a request back. */
export async function readRequest(path: HostPath): Promise<AssemblyRequest> {
  return JSON.parse(await readFile(path, 'utf8')) as AssemblyRequest;
}
