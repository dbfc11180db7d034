import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { BuiltArtifact } from '#image';
import { defineProfile } from '#recipe';
import { elfSample, type Sample, writeArtifact } from '../../src/image/testing.ts';
import type { AssemblyInputs } from './image-request.ts';

const MIB = 1024 * 1024;

const PROFILE = defineProfile({
  name: 'sample',
  description: 'A made-up system, assembled by the tools of the host.',
  packages: ['final/all', 'system/etc'],
  exclude: [],
  kernel: { build: 'system/linux', fragments: [], commandLine: [] },
  initrd: { init: '/usr/lib/initrd/init', programs: ['/usr/bin/bash'] },
  hostname: 'sample',
  timezone: 'UTC',
  services: [],
  // Less would not be FAT32.
  image: { espSizeBytes: 34 * MIB, rootFreeBytes: MIB, tools: 'host' },
});

/** Names that locales sort and spell in their own ways. */
const ALL: Record<string, Sample> = {
  '/bin': { link: 'usr/bin' },
  '/tmp/': { mode: '1777' },
  '/usr/bin/sh': { link: 'bash' },
  '/usr/bin/bash': elfSample(undefined, []),
  '/usr/bin/su': { mode: '4755', text: 'su' },
  '/usr/lib/initrd/init': '#!/bin/sh\n',
  '/usr/share/I': 'upper',
  '/usr/share/i': 'lower',
  '/usr/share/zebra': 'z',
  '/usr/share/Åland': 'å',
  '/usr/share/large': Buffer.alloc(MIB, 'large'),
  ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`/usr/share/many/name-${at}`, `${at}`])),
};

/** What a made-up image is made from; its artifacts lie below the folder. Other files of `system/etc` may be given. */
export async function sampleInputs(
  folder: HostPath,
  etc: Record<string, Sample> = { '/etc/shadow': { mode: '0640', gid: 42, text: 'root::1::::::' } },
): Promise<AssemblyInputs> {
  const artifactsFolder = join(folder, 'artifacts');
  const samples = {
    'final/all': ALL,
    'system/etc': etc,
    'system/linux': { '/boot/vmlinuz': 'made-up kernel '.repeat(500) },
  };
  const artifacts: BuiltArtifact[] = [];
  for (const [build, files] of Object.entries(samples)) {
    const { tree, ...artifact } = writeArtifact(await mkdtemp(join(folder, 'made-')), build, files);
    const kept = join(artifactsFolder, artifact.digest);
    await rm(kept, { recursive: true, force: true });
    await mkdir(kept, { recursive: true });
    await rename(tree, join(kept, 'tree'));
    await readableByAll(join(kept, 'tree'), artifact);
    artifacts.push(artifact);
  }
  const [all, system, kernel] = artifacts;
  if (all === undefined || system === undefined || kernel === undefined) throw new Error('There are three');
  return {
    input: { profile: PROFILE, artifacts: [all, system], kernel, sourceDateEpoch: 1_735_689_600 },
    toolLayers: [],
    artifactsFolder,
  };
}

/** As the files of a store are: the tools may run as another user. */
async function readableByAll(tree: HostPath, { manifest }: BuiltArtifact): Promise<void> {
  for (const { type, path } of manifest.entries) if (type === 'file') await chmod(join(tree, path), 0o644);
}
