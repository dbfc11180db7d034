import { fail, ok, type Result } from '#base';
import { type Layout, layOut } from '#disk';
import type { OwnedEntry } from './built-artifact.ts';
import { chooseRoot } from './choose-root.ts';
import { isEspSize } from './esp.ts';
import { rootSizeBytes } from './ext4-size.ts';
import { identityOf } from './identity.ts';
import type { ImageContext, ImageInput, Work } from './image-input.ts';
import { gatherEsp, makeEsp } from './make-esp.ts';
import { makeRoot } from './make-root.ts';
import { type Image, publish } from './publish.ts';
import { openWorkFolders } from './work-folder.ts';

/**
 * Assembles a disk image from artifacts, without root, mounts or loop devices: chooses the root's files, makes the
 * file systems and boot loaders in a work folder, and writes all of it into one file, which appears when it is whole.
 */
export async function assembleImage(input: ImageInput, context: ImageContext): Promise<Result<Image>> {
  await using folders = await openWorkFolders(context.scratchFolder);
  const work: Work = { ...input, context, folders, identity: identityOf(input) };

  const entries = await chooseRoot(work);
  if (!entries.ok) return entries;
  const layout = layOutImage(work, entries.value);
  if (!layout.ok) return layout;
  const esp = await gatherEsp(work, layout.value);
  if (!esp.ok) return esp;

  // The two file systems have nothing to do with each other, so they are made side by side.
  const made = await Promise.all([
    makeRoot(work, entries.value, layout.value),
    makeEsp(work, esp.value, layout.value),
  ]);
  for (const result of made) if (!result.ok) return result;
  return ok(await publish(work, entries.value, layout.value, esp.value));
}

function layOutImage(work: Work, entries: readonly OwnedEntry[]): Result<Layout> {
  const { espSizeBytes, rootFreeBytes } = work.profile.image;
  if (!isEspSize(espSizeBytes)) {
    return fail({
      kind: 'bad-profile',
      subject: work.profile.name,
      message: `The profile's image.espSizeBytes, ${espSizeBytes}, is too small for FAT32.`,
      hint: 'Give it 64 MiB or more.',
    });
  }
  return ok(
    layOut({ espSizeBytes, rootSizeBytes: rootSizeBytes(entries, rootFreeBytes), seed: work.identity.seed }),
  );
}
