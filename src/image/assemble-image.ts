import { join } from 'node:path';
import { fail, ok, type Result } from '#base';
import { ACTIVE_FLAGS, type Layout, layOut } from '#disk';
import type { Profile } from '#recipe';
import type { OwnedEntry } from './built-artifact.ts';
import { chooseRoot } from './choose-root.ts';
import { type DiskFile, openDiskFile } from './disk-file.ts';
import { type EspFile, isEspSize } from './esp.ts';
import { rootSizeBytes } from './ext4-size.ts';
import { identityOf } from './identity.ts';
import type { ImageContext, ImageInput, Work } from './image-input.ts';
import { gatherEsp, makeEsp } from './make-esp.ts';
import { DISK_FILE, makeRoot } from './make-root.ts';
import { type Head, type Image, publish, writeHead } from './publish.ts';
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

  await using disk = await openDiskFile(join(folders.root, DISK_FILE), layout.value.sizeSectors);
  // The two file systems have nothing to do with each other, so they are made side by side.
  const [root, head] = await Promise.all([
    makeRoot(work, entries.value, layout.value),
    makeHead(work, disk, { layout: layout.value, esp: esp.value }),
  ]);
  if (!root.ok) return root;
  if (!head.ok) return head;
  return ok(await publish(work, disk, { layout: layout.value, entries: entries.value, head: head.value }));
}

async function makeHead(
  work: Work,
  disk: DiskFile,
  parts: { readonly layout: Layout; readonly esp: readonly EspFile[] },
): Promise<Result<Head>> {
  const made = await makeEsp(work, parts.esp, parts.layout);
  return made.ok ? ok(await writeHead(work, disk, parts)) : made;
}

function layOutImage({ profile, identity }: Work, entries: readonly OwnedEntry[]): Result<Layout> {
  const { espSizeBytes, rootFreeBytes, activeFlag } = profile.image;
  if (!isEspSize(espSizeBytes)) {
    return badProfile(
      profile,
      `espSizeBytes, ${espSizeBytes}, is too small for FAT32`,
      'Give it 64 MiB or more.',
    );
  }
  // A profile is somebody's program, which no compiler need have seen.
  if (activeFlag !== undefined && !ACTIVE_FLAGS.includes(activeFlag)) {
    const hint = `Known are: ${ACTIVE_FLAGS.join(', ')}.`;
    return badProfile(profile, `activeFlag, ${JSON.stringify(activeFlag)}, is unknown`, hint);
  }
  return ok(
    layOut({
      espSizeBytes,
      rootSizeBytes: rootSizeBytes(entries, rootFreeBytes),
      seed: identity.seed,
      ...(activeFlag && { activeFlag }),
    }),
  );
}

function badProfile({ name }: Profile, why: string, hint: string): Result<never> {
  return fail({
    kind: 'bad-profile',
    subject: name,
    message: `The profile's image.${why}.`,
    hint,
  });
}
