import type { Result } from '#base';
import { type Layout, partitionOf, SECTOR_BYTES } from '#disk';
import type { OwnedEntry } from './built-artifact.ts';
import { fillCommands, MKE2FS_CONFIGURATION, mke2fsArgv } from './ext4.ts';
import type { Work } from './image-input.ts';
import { STAGED_FOLDER, stageFiles, writeWorkFile } from './work-folder.ts';

/** The file of the root's work folder that becomes the image. */
export const DISK_FILE = 'disk.img';

/** Makes the root file system in its place on the disk, with the entries in it. */
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
  const { startSector, sizeSectors } = partitionOf(layout, 'root');
  const offsetBytes = startSector * SECTOR_BYTES;
  const place = { file: DISK_FILE, offsetBytes, sizeBytes: sizeSectors * SECTOR_BYTES };
  const script = `export E2FSPROGS_FAKE_TIME=${work.sourceDateEpoch} MKE2FS_CONFIG=mke2fs.conf
${mke2fsArgv(work.identity, place).join(' ')}
debugfs -w -f fill.debugfs '${DISK_FILE}?offset=${offsetBytes}' >fill.log 2>fill.stderr
# debugfs goes on after an error, and exits with 0. All that it says on stderr, but its version, is an error.
sed 1d fill.stderr >fill.errors
if [ -s fill.errors ]; then
  head -n 20 fill.errors >&2
  exit 1
fi
`;
  return work.context.runTools(script, work.folders.root, [STAGED_FOLDER]);
}
