import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageManifest } from '#manifest';
import { mustRun } from '../peer.ts';

const SECTOR_BYTES = 512;
const MIB = 2 ** 20;

/** What everybody makes an image of: a plain tree, the files of the ESP, and sizes. */
export type Material = {
  readonly tree: string;
  readonly esp: string;
  readonly espBytes: number;
  readonly rootBytes: number;
  readonly diskBytes: number;
};

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const env = { PATH, LC_ALL: 'C', MTOOLSRC: '/dev/null' };

/** Takes the material out of an image that we assembled, so that it is the same for all, to the byte. */
export async function takeMaterial(
  folder: string,
  image: string,
  { partitions, espFiles, sizeBytes }: ImageManifest,
): Promise<Material> {
  const [tree, esp] = [join(folder, 'tree'), join(folder, 'esp')];
  await rm(folder, { recursive: true, force: true });
  for (const one of [tree, join(esp, 'EFI/BOOT'), join(esp, 'grub')]) await mkdir(one, { recursive: true });
  const place = (role: string): { readonly offsetBytes: number; readonly bytes: number } => {
    const found = partitions.find((partition) => partition.role === role);
    if (found === undefined) throw new Error(`The image has no partition ${role}`);
    return { offsetBytes: found.startSector * SECTOR_BYTES, bytes: found.sizeSectors * SECTOR_BYTES };
  };
  const { offsetBytes, bytes: rootBytes } = place('root');
  await mustRun(['debugfs', '-R', `rdump / ${tree}`, `${image}?offset=${offsetBytes}`], folder, env);
  await rm(join(tree, 'lost+found'), { recursive: true, force: true });
  const { offsetBytes: espOffset, bytes: espBytes } = place('esp');
  for (const { path } of espFiles) {
    await mustRun(['mcopy', '-i', `${image}@@${espOffset}`, `::${path}`, join(esp, path)], folder, env);
  }
  return { tree, esp, espBytes, rootBytes, diskBytes: sizeBytes };
}

/** The floor: one file system from the tree, as mke2fs makes it when it is told nothing. */
export function mke2fsScript({ tree, rootBytes }: Material): string {
  return `truncate -s ${rootBytes} disk.img
mke2fs -q -F -t ext4 -b 4096 -E root_owner=0:0 -d ${tree} disk.img
sync disk.img
`;
}

/** What people write who have no tool for it. */
export function handScript({ tree, esp, espBytes, rootBytes, diskBytes }: Material): string {
  return `truncate -s ${rootBytes} root.ext4
mke2fs -q -F -t ext4 -b 4096 -E root_owner=0:0 -d ${tree} root.ext4
truncate -s ${espBytes} esp.fat
mkfs.fat -F 32 esp.fat >mkfs.log
mcopy -s -i esp.fat ${esp}/* ::/
truncate -s ${diskBytes} disk.img
sgdisk -n 1:2048:+${espBytes / MIB}M -t 1:ef00 -n 2:0:+${rootBytes / MIB}M -t 2:8304 disk.img >sgdisk.log
dd if=esp.fat of=disk.img bs=64K seek=16 conv=notrunc,sparse status=none
dd if=root.ext4 of=disk.img bs=64K seek=${(espBytes / MIB) * 16 + 16} conv=notrunc,sparse status=none
rm esp.fat root.ext4
sync disk.img
`;
}

/** genimage, which copies the tree before it begins; it is told to use mke2fs, as everybody else does. */
export async function writeGenimage(folder: string, material: Material): Promise<string> {
  const { tree, esp, espBytes, rootBytes } = material;
  const config = `image esp.fat {
  vfat { extraargs = "-F 32" }
  mountpoint = "/esp"
  size = ${espBytes / MIB}M
  temporary = true
}
image root.ext4 {
  ext4 { use-mke2fs = true }
  mountpoint = "/root"
  size = ${rootBytes / MIB}M
  temporary = true
}
image disk.img {
  hdimage { partition-table-type = gpt align = 1M }
  partition esp { image = "esp.fat" partition-type-uuid = U offset = 1M }
  partition root { image = "root.ext4" }
}
`;
  await writeFile(join(folder, 'genimage.cfg'), config);
  const rootPath = join(folder, 'rootpath');
  await mkdir(rootPath, { recursive: true });
  await mustRun(['cp', '-al', tree, join(rootPath, 'root')], folder, env);
  await mustRun(['cp', '-al', esp, join(rootPath, 'esp')], folder, env);
  return `genimage --rootpath ${rootPath} --tmppath genimage.tmp --inputpath . --outputpath . --config ${join(folder, 'genimage.cfg')} >genimage.log 2>&1
sync disk.img
rm -r genimage.tmp
`;
}
