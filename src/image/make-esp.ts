import { join } from 'node:path';
import { fail, ok, type Result } from '#base';
import { type Layout, partitionOf, SECTOR_BYTES } from '#disk';
import type { Profile } from '#recipe';
import { IMAGE_BUILD } from './built-artifact.ts';
import { BLAZENEURO_CONF, type EspFile, espScript } from './esp.ts';
import { EFI_LOADERS, grubScript } from './grub.ts';
import { grubCfg } from './grub-cfg.ts';
import type { Work } from './image-input.ts';
import { type Initrd, makeInitrd } from './initrd.ts';
import { chooseEntries } from './root-tree.ts';
import { copyWorkFile, writeWorkFile } from './work-folder.ts';

/** The file of the work folder that is the ESP. */
export const ESP_FILE = 'esp.fat';

const KERNEL_PATH = '/boot/vmlinuz';

/** Puts what the ESP shall hold into the work folder, but GRUB's loaders, which the tools make. */
export async function gatherEsp(work: Work, layout: Layout): Promise<Result<readonly EspFile[]>> {
  const { profile, kernel, context } = work;
  const folder = work.folders.esp;
  const vmlinuz = kernel.manifest.entries.find(({ path }) => path === KERNEL_PATH);
  if (vmlinuz?.type !== 'file') {
    return fail({
      kind: 'image-failed',
      subject: kernel.build,
      message: `${kernel.build} should give the kernel as ${KERNEL_PATH}, but has no such file.`,
      hint: "Check the profile's kernel.build, and what that build installs.",
    });
  }
  await copyWorkFile(join(context.treePath(kernel.digest), KERNEL_PATH), join(folder, 'vmlinuz'));
  const initrd = profile.initrd === null ? ok(undefined) : await makeProfileInitrd(work, profile.initrd);
  if (!initrd.ok) return initrd;
  if (initrd.value !== undefined) await writeWorkFile(folder, 'initrd.img', initrd.value.bytes);
  const menu = grubCfg({
    rootPartition: partitionOf(layout, 'root').guid,
    hasInitrd: profile.initrd !== null,
    commandLine: profile.kernel.commandLine,
  });
  await writeWorkFile(folder, 'grub.cfg', menu);
  await writeWorkFile(folder, 'blazeneuro.conf', BLAZENEURO_CONF);
  const own = (path: string, staged: string): EspFile => ({ path, staged, build: IMAGE_BUILD });
  const loader = (name: string): EspFile => ({
    ...own(`/EFI/BOOT/${name}`, name),
    ...(work.bootLoader === undefined ? {} : { from: [work.bootLoader] }),
  });
  return ok([
    { path: '/vmlinuz', staged: 'vmlinuz', build: kernel.build },
    ...(initrd.value === undefined
      ? []
      : [{ ...own('/initrd.img', 'initrd.img'), from: initrd.value.builds }]),
    own('/grub/grub.cfg', 'grub.cfg'),
    own('/blazeneuro.conf', 'blazeneuro.conf'),
    loader(EFI_LOADERS['x86_64-efi']),
    { ...loader(EFI_LOADERS['i386-efi']), isOptional: true },
  ]);
}

/** The initrd may hold files that the profile excludes from the root, such as its own init. */
async function makeProfileInitrd(
  work: Work,
  initrd: NonNullable<Profile['initrd']>,
): Promise<Result<Initrd>> {
  const all = chooseEntries(work.artifacts, [], (artifact, path) =>
    join(work.context.treePath(artifact.digest), path),
  );
  return all.ok ? makeInitrd(all.value, initrd, work.sourceDateEpoch) : all;
}

/** Makes GRUB's images, and the ESP with the gathered files in it. */
export async function makeEsp(work: Work, files: readonly EspFile[], layout: Layout): Promise<Result<void>> {
  const { startSector, sizeSectors } = partitionOf(layout, 'esp');
  const fat = espScript({
    file: ESP_FILE,
    sizeBytes: sizeSectors * SECTOR_BYTES,
    startSector,
    volumeId: work.identity.espVolumeId,
    files,
  });
  return work.context.runTools(`${grubScript()}${fat}`, work.folders.esp);
}
