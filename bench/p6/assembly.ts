import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '#base';
import type { ImageInput } from '#image';
import type { ImageManifest } from '#manifest';
import { defineProfile } from '#recipe';
import { type TreeSize, writeArtifact, writeArtifacts } from './synthetic-tree.ts';

const MIB = 2 ** 20;

/** What `assemble.ts` is told, as a file. */
export type Assembly = {
  readonly input: ImageInput;
  /** The tools' artifacts, the lowest first; none when they are the host's. */
  readonly toolLayers: readonly Digest[];
  /** Artifacts lie in it as `<digest>/tree`. */
  readonly artifactsFolder: string;
  readonly scratchFolder: string;
  readonly outFolder: string;
};

/** How large the partitions of a made-up system are. */
export type Room = { readonly espSizeBytes: number; readonly rootFreeBytes: number };

export const ROOM: Room = { espSizeBytes: 512 * MIB, rootFreeBytes: 256 * MIB };
export const LITTLE_ROOM: Room = { espSizeBytes: 40 * MIB, rootFreeBytes: 16 * MIB };

/** Makes a made-up system below the folder, and the request to assemble it with the host's tools. Gives its path. */
export async function writeSyntheticAssembly(folder: string, size: TreeSize, room: Room): Promise<string> {
  const artifactsFolder = join(folder, 'artifacts');
  const artifacts = await writeArtifacts(artifactsFolder, size);
  const vmlinuz = { path: '/boot/vmlinuz', bytes: Buffer.alloc(8 * MIB, 'a kernel') };
  const kernel = await writeArtifact(artifactsFolder, 'system/kernel', [vmlinuz]);
  const profile = defineProfile({
    name: 'synthetic',
    description: 'A made-up system',
    packages: artifacts.map(({ build }) => build),
    exclude: [],
    kernel: { build: kernel.build, fragments: [], commandLine: [] },
    initrd: null,
    hostname: 'synthetic',
    timezone: 'UTC',
    services: [],
    image: { ...room, tools: 'host' },
  });
  return writeAssembly(folder, {
    input: { profile, artifacts, kernel, sourceDateEpoch: 1_735_689_600 },
    toolLayers: [],
    artifactsFolder,
  });
}

/** Writes a request; what it makes goes below the folder too. */
export async function writeAssembly(
  folder: string,
  assembly: Pick<Assembly, 'input' | 'toolLayers' | 'artifactsFolder'>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const whole: Assembly = {
    ...assembly,
    scratchFolder: join(folder, 'scratch'),
    outFolder: join(folder, 'out'),
  };
  const path = join(folder, 'assembly.json');
  await writeFile(path, JSON.stringify(whole));
  return path;
}

/** The manifest of what was assembled. */
export async function readManifest(folder: string): Promise<ImageManifest> {
  return JSON.parse(await readFile(join(folder, 'out/manifest.json'), 'utf8')) as ImageManifest;
}

/** The program that assembles what a request asks for. */
export function assemblyArgv(request: string): readonly string[] {
  return [process.execPath, join(import.meta.dirname, 'assemble.ts'), request];
}
