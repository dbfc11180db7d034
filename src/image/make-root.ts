import type { Result } from '#base';
import { type Layout, partitionOf, SECTOR_BYTES } from '#disk';
import type { OwnedEntry } from './built-artifact.ts';
import { fillCommands, MKE2FS_CONFIGURATION, mke2fsArgv } from './ext4.ts';
import type { Work } from './image-input.ts';
import { STAGED_FOLDER, stageFiles, writeWorkFile } from './work-folder.ts';

/** The file of the work folder that is the root file system. */
export const ROOT_FILE = 'root.ext4';

/** Makes the root file system, with the entries in it. */
export async function makeRoot(
  work: Work,
  entries: readonly OwnedEntry[],
  layout: Layout,
): Promise<Result<void>> {
  const stagedAs = await stageFiles(work.folders.root, entries);
  const commands = fillCommands(entries, stagedAs);
  if (!commands.ok) return commands;
  await writeWorkFile(work.folders.root, 'mke2fs.conf', MKE2FS_CONFIGURATION);
  await writeWorkFile(work.folders.root, 'fill.debugfs', commands.value);
  const script = `export E2FSPROGS_FAKE_TIME=${work.sourceDateEpoch} MKE2FS_CONFIG=mke2fs.conf
truncate -s ${partitionOf(layout, 'root').sizeSectors * SECTOR_BYTES} ${ROOT_FILE}
${mke2fsArgv(work.identity, ROOT_FILE).join(' ')}
debugfs -w -f fill.debugfs ${ROOT_FILE} >fill.log 2>fill.stderr
# debugfs goes on after an error, and exits with 0. All that it says on stderr, but its version, is an error.
sed 1d fill.stderr >fill.errors
if [ -s fill.errors ]; then
  head -n 20 fill.errors >&2
  exit 1
fi
`;
  return work.context.runTools(script, work.folders.root, [STAGED_FOLDER]);
}
