import { join } from 'node:path';
import { digestOfBytes, ok, type Result } from '#base';
import { artifactDigest, type Entry, manifestOf } from '#manifest';
import { type BuiltArtifact, type GeneratedFile, IMAGE_BUILD, type OwnedEntry } from './built-artifact.ts';
import { ESP_MOUNT_POINT, fstab } from './fstab.ts';
import type { Work } from './image-input.ts';
import { loaderCache } from './loader-cache.ts';
import { chooseEntries, plainDirectory } from './root-tree.ts';
import { systemManifest } from './system-manifest.ts';
import { writeWorkFile } from './work-folder.ts';

/** The root's files: those of the artifacts, and what only the image can write. */
export async function chooseRoot(work: Work): Promise<Result<readonly OwnedEntry[]>> {
  const own = await generateArtifact(work);
  const everything = [...work.artifacts, own];
  const chosen = chooseEntries(everything, work.profile.exclude, (artifact, path) =>
    join(artifact === own ? work.folders.own : work.context.treePath(artifact.digest), path),
  );
  if (!chosen.ok) return chosen;
  const withCache = await withFile(work, chosen.value, await loaderCache(chosen.value));
  // The list of all others comes last, since it names them.
  return ok(await withFile(work, withCache, systemManifest(work.profile.name, withCache)));
}

async function withFile(
  work: Work,
  entries: readonly OwnedEntry[],
  file: GeneratedFile | undefined,
): Promise<readonly OwnedEntry[]> {
  if (file === undefined) return entries;
  const hostPath = await writeWorkFile(work.folders.own, file.path, file.content);
  const owned = { entry: fileEntry(file), build: IMAGE_BUILD, hostPath };
  return [...entries, owned].sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
}

/** The image's own files, as an artifact like the others. A profile whose packages bring an fstab keeps it. */
async function generateArtifact(work: Work): Promise<BuiltArtifact> {
  const table = fstab(work.identity);
  const isBrought = work.artifacts.some(({ manifest }) =>
    manifest.entries.some(({ path }) => path === table.path),
  );
  const generated = isBrought ? [] : [table];
  for (const { path, content } of generated) await writeWorkFile(work.folders.own, path, content);
  const manifest = manifestOf([plainDirectory(ESP_MOUNT_POINT), ...generated.map(fileEntry)]);
  return { build: IMAGE_BUILD, digest: artifactDigest(manifest), manifest, replaces: [] };
}

function fileEntry({ path, content }: GeneratedFile): Entry {
  return {
    type: 'file',
    path,
    sha256: digestOfBytes(content),
    sizeBytes: Buffer.byteLength(content),
    mode: '0644',
    uid: 0,
    gid: 0,
  };
}
