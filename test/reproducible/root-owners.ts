import { askTool } from './ask-tool.ts';
import type { Differing } from './compare-images.ts';
import { BLOCK_BYTES, readBlock } from './differing-blocks.ts';

/** Inodes that are the file system's own (kernel documentation, ext4, special inodes). */
const OWN_INODES: Readonly<Record<number, string>> = {
  0: 'blocks that are free',
  2: 'the folder /',
  7: 'blocks kept for growing',
  8: 'the journal',
  11: 'the folder /lost+found',
};
const INODE_BYTES = 256;

/** Part of a group of blocks: where it lies, what it is, and the first inode that it holds, if it holds any. */
type GroupPart = {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly firstInode?: number;
};

/** Whose the differing blocks of the root are: a file with its build, or a part of the file system by its group. */
export async function rootOwners(differing: Differing): Promise<readonly string[]> {
  const device = `${differing.first}?offset=${differing.offsetBytes}`;
  const parts = readGroups(await askTool(['dumpe2fs', device]));
  const owners: string[] = [];
  const inData: number[] = [];
  const inodes = new Map<number, string>();
  for (const block of differing.blocks) {
    const part = parts.find(({ from, to }) => from <= block && block <= to);
    if (part === undefined) inData.push(block);
    else if (part.firstInode === undefined) owners.push(part.name);
    else {
      const firstInode = part.firstInode + (block - part.from) * (BLOCK_BYTES / INODE_BYTES);
      const changed = await differingInodes(differing, block, firstInode);
      for (const inode of changed) inodes.set(inode, `inode in ${part.name}`);
    }
  }
  for (const inode of await inodesOf(device, inData)) inodes.set(inode, 'content');
  const names = await namesOf(device, [...inodes.keys()]);
  const builds = new Map(differing.manifest.files.map(({ path, build }) => [path, build]));
  for (const [inode, what] of inodes) {
    const path = names.get(inode);
    const own = OWN_INODES[inode];
    if (own !== undefined) owners.push(own);
    else if (path === undefined) owners.push(`inode ${inode}, which nothing names, in ${what}`);
    else owners.push(`${path} of ${builds.get(path) ?? 'nobody'} (${what})`);
  }
  return owners;
}

/** Lines of dumpe2fs: `Group 0: (Blocks 0-32767)`, and below it where its parts are. */
export function readGroups(text: string): readonly GroupPart[] {
  const inodesPerGroup = Number(/^Inodes per group: +(\d+)$/m.exec(text)?.[1]);
  const parts: GroupPart[] = [];
  let group = 0;
  for (const line of text.split('\n')) {
    group = Number(/^Group (\d+):/.exec(line)?.[1] ?? group);
    for (const [, name = '', from, to] of line.matchAll(
      /((?:Primary|Backup) superblock|Group descriptors|Reserved GDT blocks|Block bitmap|Inode bitmap|Inode table) at (\d+)(?:-(\d+))?/g,
    )) {
      const firstInode = name === 'Inode table' ? { firstInode: group * inodesPerGroup + 1 } : {};
      const place = { from: Number(from), to: Number(to ?? from) };
      parts.push({ ...place, name: `${name.toLowerCase()} of group ${group}`, ...firstInode });
    }
  }
  return parts;
}

/** The inodes of a block of a table that are not alike. */
async function differingInodes(
  { first, second, offsetBytes }: Differing,
  block: number,
  firstInode: number,
): Promise<number[]> {
  const at = offsetBytes / BLOCK_BYTES + block;
  const [one, two] = [await readBlock(first, at), await readBlock(second, at)];
  return Array.from({ length: BLOCK_BYTES / INODE_BYTES }, (_, index) => index)
    .filter((index) => {
      const [from, to] = [index * INODE_BYTES, (index + 1) * INODE_BYTES];
      return one.compare(two, from, to, from, to) !== 0;
    })
    .map((index) => firstInode + index);
}

/** The inodes that blocks belong to; 0 stands for blocks that are nobody's. */
async function inodesOf(device: string, blocks: readonly number[]): Promise<ReadonlySet<number>> {
  const text = await askDebugfs(device, 'icheck', blocks);
  return new Set(
    [...text.matchAll(/^\d+\t(\d+|<block not found>)$/gm)].map(([, inode]) => Number(inode) || 0),
  );
}

async function namesOf(device: string, inodes: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const text = await askDebugfs(
    device,
    'ncheck',
    inodes.filter((inode) => inode > 0),
  );
  // A path is told with two slashes at its begin.
  return new Map(
    [...text.matchAll(/^(\d+)\t\/*(.*)$/gm)].map(([, inode, path]) => [Number(inode), `/${path}`] as const),
  );
}

/** It reads lines of at most 8191 bytes. */
const NUMBERS_A_LINE = 500;

async function askDebugfs(device: string, command: string, numbers: readonly number[]): Promise<string> {
  if (numbers.length === 0) return '';
  const lines = Array.from({ length: Math.ceil(numbers.length / NUMBERS_A_LINE) }, (_, at) =>
    [command, ...numbers.slice(at * NUMBERS_A_LINE, (at + 1) * NUMBERS_A_LINE)].join(' '),
  );
  return askTool(['debugfs', '-f', '-', device], `${lines.join('\n')}\n`);
}
