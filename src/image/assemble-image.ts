import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfBytes, fail, type HostPath, isErrno, ok, type Result } from '#base';
import { encodeLayout, type Layout, layOut, partitionOf } from '#disk';
import { artifactDigest, manifestOf } from '#manifest';
import type { Profile } from '#recipe';
import { type BuiltArtifact, IMAGE_BUILD, type OwnedEntry } from './built-artifact.ts';
import { BLAZENEURO_CONF, type EspFile, espScript, isEspSize } from './esp.ts';
import { fillCommands, MKE2FS_CONFIGURATION, mke2fsArgv } from './ext4.ts';
import { rootSizeBytes } from './ext4-size.ts';
import { ESP_MOUNT_POINT, fstab } from './fstab.ts';
import { EFI_LOADERS, grubScript, placeBiosBoot } from './grub.ts';
import { grubCfg } from './grub-cfg.ts';
import { type ImageIdentity, identityOf } from './identity.ts';
import { type EspManifestFile, type ImageManifest, imageManifest, manifestText } from './image-manifest.ts';
import { makeInitrd } from './initrd.ts';
import { chooseEntries, plainDirectory } from './root-tree.ts';
import { linkOrCopy, openWorkFolder, stageFiles, writeWorkFile } from './work-folder.ts';
import { writeDisk } from './write-disk.ts';

/** Everything that decides an image's bytes, but the tools that make it. */
export type ImageInput = {
  readonly profile: Profile;
  /** The artifacts of the profile's packages, in any order. */
  readonly artifacts: readonly BuiltArtifact[];
  /** The artifact of the profile's kernel build. */
  readonly kernel: BuiltArtifact;
  /** The time of every file. */
  readonly sourceDateEpoch: number;
};

/** What assembly does not decide itself. */
export type ImageContext = {
  /**
   * Runs shell text in a work folder, with the profile's tools and SOURCE_DATE_EPOCH in the environment; fails when
   * a command does (`set -eu -o pipefail`). Two may run in one folder at a time.
   */
  readonly runTools: (script: string, workFolder: HostPath) => Promise<Result<void>>;
  /** Where an artifact's files lie, by their paths. */
  readonly treePath: (artifact: Digest) => HostPath;
  /** Where work folders may be made; best on the file system of the trees, whose files are then not copied. */
  readonly scratchFolder: HostPath;
  /** Where image and manifest go. */
  readonly outFolder: HostPath;
};

/** An assembled image. */
export type Image = {
  readonly imagePath: HostPath;
  readonly manifestPath: HostPath;
  readonly manifest: ImageManifest;
  readonly digest: Digest;
  readonly sizeBytes: number;
};

/** The names of an image's files in the folder of its profile. */
export const IMAGE_NAME = 'blazeneuro.img';
export const MANIFEST_NAME = 'manifest.json';

const KERNEL_PATH = '/boot/vmlinuz';

/** What each step of assembly is told. */
type Work = ImageInput & {
  readonly context: ImageContext;
  readonly folder: HostPath;
  readonly identity: ImageIdentity;
};

/**
 * Assembles a disk image from artifacts, without root, mounts or loop devices: chooses the root's files, makes the
 * file systems and boot loaders in a work folder, and writes all of it into one file, which appears when it is whole.
 */
export async function assembleImage(input: ImageInput, context: ImageContext): Promise<Result<Image>> {
  await using folder = await openWorkFolder(context.scratchFolder);
  const work: Work = { ...input, context, folder: folder.path, identity: identityOf(input) };

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

/** The root's files: those of the artifacts, and what only the image can write. */
async function chooseRoot(work: Work): Promise<Result<readonly OwnedEntry[]>> {
  const own = await generateArtifact(work);
  const everything = [...work.artifacts, own];
  return chooseEntries(everything, work.profile.exclude, (artifact, path) =>
    join(artifact === own ? join(work.folder, IMAGE_BUILD) : work.context.treePath(artifact.digest), path),
  );
}

/** The image's own files, as an artifact like the others. A profile whose packages bring an fstab keeps it. */
async function generateArtifact(work: Work): Promise<BuiltArtifact> {
  const table = fstab(work.identity);
  const isBrought = work.artifacts.some(({ manifest }) =>
    manifest.entries.some(({ path }) => path === table.path),
  );
  const generated = isBrought ? [] : [table];
  for (const { path, text } of generated) await writeWorkFile(join(work.folder, IMAGE_BUILD), path, text);
  const manifest = manifestOf([
    plainDirectory(ESP_MOUNT_POINT),
    ...generated.map(({ path, text }) => ({
      type: 'file' as const,
      path,
      sha256: digestOfBytes(text),
      sizeBytes: Buffer.byteLength(text),
      mode: '0644',
      uid: 0,
      gid: 0,
    })),
  ]);
  return { build: IMAGE_BUILD, digest: artifactDigest(manifest), manifest, replaces: [] };
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

/** Puts what the ESP shall hold into the work folder, but GRUB's loaders, which the tools make. */
async function gatherEsp(work: Work, layout: Layout): Promise<Result<readonly EspFile[]>> {
  const { profile, kernel, context, folder } = work;
  const vmlinuz = kernel.manifest.entries.find(({ path }) => path === KERNEL_PATH);
  if (vmlinuz?.type !== 'file') {
    return fail({
      kind: 'image-failed',
      subject: kernel.build,
      message: `${kernel.build} should give the kernel as ${KERNEL_PATH}, but has no such file.`,
      hint: "Check the profile's kernel.build, and what that build installs.",
    });
  }
  await linkOrCopy(join(context.treePath(kernel.digest), KERNEL_PATH), join(folder, 'vmlinuz'));
  if (profile.initrd !== null) {
    const initrd = await makeProfileInitrd(work, profile.initrd);
    if (!initrd.ok) return initrd;
    await writeWorkFile(folder, 'initrd.img', initrd.value);
  }
  const menu = grubCfg({
    rootPartition: partitionOf(layout, 'root').guid,
    hasInitrd: profile.initrd !== null,
    commandLine: profile.kernel.commandLine,
  });
  await writeWorkFile(folder, 'grub.cfg', menu);
  await writeWorkFile(folder, 'blazeneuro.conf', BLAZENEURO_CONF);
  const own = (path: string, staged: string): EspFile => ({ path, staged, build: IMAGE_BUILD });
  return ok([
    { path: '/vmlinuz', staged: 'vmlinuz', build: kernel.build },
    ...(profile.initrd === null ? [] : [own('/initrd.img', 'initrd.img')]),
    own('/grub/grub.cfg', 'grub.cfg'),
    own('/blazeneuro.conf', 'blazeneuro.conf'),
    own(`/EFI/BOOT/${EFI_LOADERS['x86_64-efi']}`, EFI_LOADERS['x86_64-efi']),
    { ...own(`/EFI/BOOT/${EFI_LOADERS['i386-efi']}`, EFI_LOADERS['i386-efi']), isOptional: true },
  ]);
}

/** The initrd may hold files that the profile excludes from the root, such as its own init. */
async function makeProfileInitrd(
  work: Work,
  initrd: NonNullable<Profile['initrd']>,
): Promise<Result<Buffer>> {
  const all = chooseEntries(work.artifacts, [], (artifact, path) =>
    join(work.context.treePath(artifact.digest), path),
  );
  return all.ok ? makeInitrd(all.value, initrd, work.sourceDateEpoch) : all;
}

async function makeRoot(work: Work, entries: readonly OwnedEntry[], layout: Layout): Promise<Result<void>> {
  const stagedAs = await stageFiles(work.folder, entries);
  const commands = fillCommands(entries, stagedAs);
  if (!commands.ok) return commands;
  await writeWorkFile(work.folder, 'mke2fs.conf', MKE2FS_CONFIGURATION);
  await writeWorkFile(work.folder, 'fill.debugfs', commands.value);
  const script = `export E2FSPROGS_FAKE_TIME=${work.sourceDateEpoch} MKE2FS_CONFIG=mke2fs.conf
truncate -s ${partitionOf(layout, 'root').sizeSectors * 512} root.ext4
${mke2fsArgv(work.identity, 'root.ext4').join(' ')}
debugfs -w -f fill.debugfs root.ext4 >fill.log 2>fill.stderr
# debugfs goes on after an error, and exits with 0. All that it says on stderr, but its version, is an error.
sed 1d fill.stderr >fill.errors
if [ -s fill.errors ]; then
  head -n 20 fill.errors >&2
  exit 1
fi
`;
  return work.context.runTools(script, work.folder);
}

async function makeEsp(work: Work, files: readonly EspFile[], layout: Layout): Promise<Result<void>> {
  const { startSector, sizeSectors } = partitionOf(layout, 'esp');
  const fat = espScript({
    file: 'esp.fat',
    sizeBytes: sizeSectors * 512,
    startSector,
    volumeId: work.identity.espVolumeId,
    files,
  });
  return work.context.runTools(`${grubScript()}${fat}`, work.folder);
}

/** Writes image and manifest beside what is there, and renames them last: neither is ever seen half-written. */
async function publish(
  work: Work,
  entries: readonly OwnedEntry[],
  layout: Layout,
  esp: readonly EspFile[],
): Promise<Image> {
  const { context, folder } = work;
  const imagePath = join(context.outFolder, IMAGE_NAME);
  const manifestPath = join(context.outFolder, MANIFEST_NAME);
  await mkdir(context.outFolder, { recursive: true });

  const bios = placeBiosBoot(
    await readFile(join(folder, 'boot.img')),
    await readFile(join(folder, 'core.img')),
    layout,
  );
  const digest = await writeDisk(`${imagePath}.partial`, layout.sizeSectors, [
    ...encodeLayout(layout, bios.bootCode),
    bios.core,
    { startSector: partitionOf(layout, 'esp').startSector, file: join(folder, 'esp.fat') },
    { startSector: partitionOf(layout, 'root').startSector, file: join(folder, 'root.ext4') },
  ]);
  const sizeBytes = layout.sizeSectors * 512;
  const espFiles = await describeEsp(folder, esp);
  const manifest = imageManifest({ ...work, layout, entries, espFiles, digest, sizeBytes });
  await writeFile(`${manifestPath}.partial`, manifestText(manifest), { flush: true });
  await rename(`${manifestPath}.partial`, manifestPath);
  await rename(`${imagePath}.partial`, imagePath);
  return { imagePath, manifestPath, manifest, digest, sizeBytes };
}

async function describeEsp(folder: HostPath, files: readonly EspFile[]): Promise<EspManifestFile[]> {
  const described: EspManifestFile[] = [];
  for (const { path, staged, isOptional, build } of files) {
    try {
      const bytes = await readFile(join(folder, staged));
      described.push({ path, sha256: digestOfBytes(bytes), size: bytes.length, build });
    } catch (error) {
      if (!isOptional || !isErrno(error, 'ENOENT')) throw error;
    }
  }
  return described.sort((a, b) => (a.path < b.path ? -1 : 1));
}
