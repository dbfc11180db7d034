import { BOOT_CODE_BYTES, type Layout, type Placed, partitionOf, SECTOR_BYTES } from '#disk';

/** Where GRUB's modules are, in the project's own build and on Debian alike. */
const GRUB_FOLDER = '/usr/lib/grub';

/**
 * "The partition gpt1 of the device that GRUB was loaded from": GRUB puts that device before the comma, under BIOS
 * and UEFI alike (grub-core/kern/main.c, grub_set_prefix_and_root). A search could find another stick.
 */
const PREFIX = '(,gpt1)/grub';

/** Everything the menu needs is in the core, so that no module files lie on the ESP. */
const MODULES = [
  ...['part_gpt', 'fat', 'normal', 'configfile', 'linux', 'test', 'echo', 'keystatus', 'serial', 'terminal'],
  ...['sleep', 'ls', 'cat', 'reboot', 'halt', 'minicmd'],
];
const EFI_MODULES = [...MODULES, 'all_video', 'efifwsetup'];
const BIOS_MODULES = [...MODULES, 'biosdisk'];

/** The names that UEFI firmware looks for on a removable drive (UEFI spec §3.5.1.1). */
export const EFI_LOADERS = { 'x86_64-efi': 'BOOTX64.EFI', 'i386-efi': 'BOOTIA32.EFI' } as const;

/**
 * Shell commands that make GRUB's images in the work folder: the UEFI loaders, and for BIOS core.img beside a copy of
 * boot.img. 32-bit UEFI only where GRUB was built for it.
 */
export function grubScript(): string {
  const mkimage = (platform: string, file: string, modules: readonly string[]) =>
    `grub-mkimage -O ${platform} -d ${GRUB_FOLDER}/${platform} -p '${PREFIX}' -o ${file} ${modules.join(' ')}`;
  return `${mkimage('x86_64-efi', EFI_LOADERS['x86_64-efi'], EFI_MODULES)}
if [ -d ${GRUB_FOLDER}/i386-efi ]; then
  ${mkimage('i386-efi', EFI_LOADERS['i386-efi'], EFI_MODULES)}
fi
${mkimage('i386-pc', 'core.img', BIOS_MODULES)}
cp ${GRUB_FOLDER}/i386-pc/boot.img boot.img
`;
}

// Places inside boot.img and the first sector of core.img: GRUB's include/grub/i386/pc/boot.h and offsets.
const KERNEL_SECTOR_OFFSET = 0x5c;
const DRIVE_CHECK_OFFSET = 0x66;
const BLOCK_LIST_BYTES = 12;
const CORE_SEGMENT = 0x0820;
const NOP = 0x90;

/** What of GRUB goes to fixed sectors for BIOS: the code for sector 0, and core.img for the BIOS boot partition. */
export type BiosBoot = { readonly bootCode: Uint8Array; readonly core: Placed };

/** Does what grub-install does (util/setup.c): tells boot.img where core.img is, and core.img where its rest is. */
export function placeBiosBoot(bootImage: Uint8Array, coreImage: Uint8Array, layout: Layout): BiosBoot {
  const partition = partitionOf(layout, 'bios-boot');
  const sectors = Math.ceil(coreImage.length / SECTOR_BYTES);
  if (bootImage.length !== SECTOR_BYTES)
    throw new RangeError(`GRUB's boot.img has ${bootImage.length} bytes.`);
  if (sectors > partition.sizeSectors) throw new RangeError(`GRUB's core.img has ${sectors} sectors.`);
  const boot = Buffer.from(bootImage);
  boot.writeBigUInt64LE(BigInt(partition.startSector), KERNEL_SECTOR_OFFSET);
  // Some BIOSes name the drive they boot from as 0 or 1; without this jump GRUB corrects that to 0x80.
  boot.fill(NOP, DRIVE_CHECK_OFFSET, DRIVE_CHECK_OFFSET + 2);
  const core = Buffer.alloc(sectors * SECTOR_BYTES);
  core.set(coreImage);
  const blockList = SECTOR_BYTES - BLOCK_LIST_BYTES;
  core.writeBigUInt64LE(BigInt(partition.startSector + 1), blockList);
  core.writeUInt16LE(sectors - 1, blockList + 8);
  core.writeUInt16LE(CORE_SEGMENT, blockList + 10);
  return {
    bootCode: boot.subarray(0, BOOT_CODE_BYTES),
    core: { startSector: partition.startSector, bytes: core },
  };
}
