import { join } from 'node:path';
import { type Ext4, type FileSystemEntry, openExt4 } from '../index.ts';
import { fileReader, run } from '../testing.ts';

/** The features that the image's file system has (src/image/ext4.ts). */
export const FEATURES =
  'none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,sparse_super,large_file,' +
  'huge_file,dir_nlink,extra_isize,metadata_csum,metadata_csum_seed';

/** Makes a file system as the image does, or with other features, and runs debugfs' commands in it. */
export function makeExt4(
  folder: string,
  options: {
    readonly sizeMib?: number;
    readonly features?: string;
    readonly words?: string;
    readonly commands?: readonly string[];
  } = {},
): string {
  const {
    sizeMib = 64,
    features = FEATURES,
    words = '-b 4096 -J size=8 -E resize=536870912',
    commands,
  } = options;
  const path = join(folder, 'ext4');
  run(`truncate -s ${sizeMib}M ${path}
    mke2fs -q -F -t ext4 -I 256 -i 16384 -O ${features} ${words} -L sample -U 00000000-0000-4000-8000-000000000001 ${path}`);
  if (commands !== undefined) debugfs(path, commands);
  return path;
}

/** Runs debugfs' commands; anything but its version on stderr is an error. */
export function debugfs(path: string, commands: readonly string[]): string {
  return run(`debugfs -w -f - ${path} 2>${path}.errors <<'END'
${commands.join('\n')}
END
if [ "$(sed 1d ${path}.errors)" != "" ]; then cat ${path}.errors; exit 1; fi`);
}

/** Blocks in use by dumpe2fs' account, as ranges `first-last`. */
export function usedByDumpe2fs(path: string): string[] {
  const text = run(`dumpe2fs ${path} 2>/dev/null`);
  const count = Number(/^Block count: +(\d+)$/m.exec(text)?.[1]);
  const first = Number(/^First block: +(\d+)$/m.exec(text)?.[1]);
  const isUsed = new Uint8Array(count).fill(1);
  for (const [, list = ''] of text.matchAll(/^ {2}Free blocks: (.+)$/gm)) {
    for (const range of list.split(', ').filter((one) => one !== '')) {
      const [begin, end = begin] = range.split('-').map(Number);
      if (begin !== undefined && end !== undefined) isUsed.fill(0, begin, end + 1);
    }
  }
  isUsed.fill(1, 0, first);
  const ranges: string[] = [];
  for (let block = 0; block < count; block += 1) {
    if (isUsed[block] === 0 || isUsed[block - 1] === 1) continue;
    const end = isUsed.indexOf(0, block);
    ranges.push(`${block}-${(end === -1 ? count : end) - 1}`);
  }
  return ranges;
}

/** Opens a file system that is sound, does something with it, and closes it. */
export async function withExt4<T>(path: string, act: (ext4: Ext4) => Promise<T>): Promise<T> {
  using reader = fileReader(path);
  const opened = await openExt4(reader);
  if (!opened.ok) throw new Error(opened.problem.message);
  return await act(opened.value);
}

/** An entry in one line. */
export function lineOf({ path, type, mode, uid, gid, sizeBytes, target }: FileSystemEntry): string {
  return `${path} ${type} ${mode} ${uid}:${gid}${type === 'file' ? ` ${sizeBytes}` : ''}${target === undefined ? '' : ` -> ${target}`}`;
}
