import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '#base';
import type { ImageManifest } from '#manifest';
import { assembleImage } from '../assemble-image.ts';
import { contestTable, holdContest } from '../contest.ts';
import { isHere } from '../peer.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { makePlainDebian } from './debian.ts';
import { sizeOfDebian } from './size-of-tree.ts';

/** P9: what a system takes on its drive. */
export const sizes: Row = { name: 'p9', peers: ['mmdebstrap'], measure: measureSizes, tables: sizeTables };

const BLOCK_BYTES = 4096;
const PROFILES = ['minimal', 'base'] as const;

async function measureSizes(context: BenchContext): Promise<void> {
  const { folder, say } = context;
  await mkdir(folder, { recursive: true });
  const contestants = [];
  for (const profile of PROFILES) {
    const manifest = await manifestOf(profile, context);
    if (manifest !== undefined) contestants.push({ arm: profile, measure: async () => sizeOfOurs(manifest) });
  }
  if (await isHere('mmdebstrap', say)) {
    for (const variant of ['essential', 'minbase'] as const) {
      say(`making Debian, ${variant}`);
      const tree = await makePlainDebian(variant, join(folder, variant));
      contestants.push({ arm: `debian-${variant}`, measure: () => sizeOfDebian(tree) });
    }
  }
  // Nothing of it is left to chance, so once is enough.
  await holdContest(contestants, 1, context);
}

async function manifestOf(profile: string, context: BenchContext): Promise<ImageManifest | undefined> {
  const results = await assembleImage(profile, join(context.folder, 'ours'), context);
  if (results === undefined) return undefined;
  return JSON.parse(await readFile(join(results, 'manifest.json'), 'utf8')) as ImageManifest;
}

/** Blocks that the files take, as on any ext4; and what lies on the ESP: kernel and initrd, and the loaders. */
function sizeOfOurs({ files, espFiles }: ImageManifest): Record<string, number> {
  const blocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  const rootBytes = files.reduce((sum, file) => {
    if (file.type === 'file') return sum + blocks(file.size);
    return file.type === 'directory' ? sum + BLOCK_BYTES : sum;
  }, 0);
  const onEsp = (pattern: RegExp): number =>
    espFiles.reduce((sum, { path, size }) => (pattern.test(path) ? sum + size : sum), 0);
  const kernelBytes = onEsp(/vmlinuz|initrd/);
  return { totalBytes: rootBytes + onEsp(/./), rootBytes, kernelBytes, loaderBytes: onEsp(/EFI|grub/) };
}

function sizeTables(results: readonly ResultFile[]): string {
  const column = (title: string, figure: string) => ({ title, figure, format: formatBytes });
  return contestTable(
    results,
    [
      { arm: 'minimal', title: 'BlazeNeuro `minimal`' },
      { arm: 'base', title: 'BlazeNeuro `base`' },
      { arm: 'debian-essential', title: 'Debian, mmdebstrap `essential`, and a kernel' },
      { arm: 'debian-minbase', title: 'Debian, mmdebstrap `minbase`, and a kernel' },
    ],
    [column('all', 'totalBytes'), column('root', 'rootBytes'), column('kernel and initrd', 'kernelBytes')],
  );
}
