import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from '../peer.ts';

const ROOT_PARTITION = '2b0e4ad5-6f6a-4b1b-9d2d-3f51c1d7a001';

/** As ours: GPT, an ESP of 512 MiB, an ext4 behind it. */
const TABLE = `label: gpt
start=2048, size=1048576, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
start=1050624, size=4194304, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, uuid=${ROOT_PARTITION}
`;

const GRUB_CFG = `set timeout=0
linux /vmlinuz root=PARTUUID=${ROOT_PARTITION} rootfstype=ext4 ro quiet console=tty0 console=ttyS0,115200
initrd /initrd.img
boot
`;

/** The loader looks at the device that it was loaded from, and has all that it needs in itself, as ours. */
const MODULES = ['part_gpt', 'fat', 'normal', 'configfile', 'linux', 'all_video'];

const SCRIPT = `set -eu
tree=$1
truncate -s 2562M disk.img
sfdisk --quiet disk.img < table
truncate -s 512M esp.fat
mkfs.fat -F 32 esp.fat > fat.log
grub-mkimage -O x86_64-efi -p '(,gpt1)/' -o BOOTX64.EFI ${MODULES.join(' ')}
export MTOOLSRC=/dev/null
mmd -i esp.fat ::/EFI ::/EFI/BOOT
mcopy -i esp.fat BOOTX64.EFI ::/EFI/BOOT/
mcopy -i esp.fat grub.cfg ::/
mcopy -i esp.fat "$tree"/boot/vmlinuz-* ::/vmlinuz
mcopy -i esp.fat "$tree"/boot/initrd.img-* ::/initrd.img
truncate -s 2G root.ext4
mke2fs -q -F -t ext4 -L debian -E lazy_itable_init=0,lazy_journal_init=0 -d "$tree" root.ext4
dd if=esp.fat of=disk.img bs=1M seek=1 conv=notrunc,sparse status=none
dd if=root.ext4 of=disk.img bs=1M seek=513 conv=notrunc,sparse status=none
rm esp.fat root.ext4
`;

/** Everything that decides an image, besides its tree. */
export const IMAGE_RECIPE: unknown = [TABLE, GRUB_CFG, SCRIPT];

/** An image of the same shape as ours from a tree of Debian. */
export async function makeDebianImage(
  tree: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  await writeFile(join(folder, 'table'), TABLE);
  await writeFile(join(folder, 'grub.cfg'), GRUB_CFG);
  await mustRun(['sh', '-c', SCRIPT, 'make', tree], folder, env);
  return join(folder, 'disk.img');
}
