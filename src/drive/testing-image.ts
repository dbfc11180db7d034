import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfBytes } from '#base';
import { encodeLayout, type Layout, layOut, partitionOf } from '#disk';

const MIB = 1024 * 1024;

/** The names of the sample's file systems. */
export const SAMPLE = { rootUuid: '0a0b0c0d-0102-8304-8506-0708090a0b0c', espId: 'abcd1234' };

/** A folder for one test, removed at its end. */
export function testFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'drive-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** Whether this machine has what a sample image is made with. */
export function hasImageTools(): boolean {
  const tools = 'mke2fs debugfs e2fsck mkfs.fat fsck.fat mcopy mmd blkid';
  return tools.split(' ').every((name) => spawnSync('bash', ['-c', `command -v ${name}`]).status === 0);
}

/** Runs shell text with the host's own programs; gives what it printed. */
export function run(command: string): string {
  const done = spawnSync('bash', ['--norc', '-c', `set -eu -o pipefail\n${command}`], {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC', MTOOLSRC: '/dev/null' },
  });
  if (done.status !== 0) throw new Error(`${command}: ${done.status} ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** What a sample image may have otherwise. */
export type SampleChange = {
  readonly fstab?: string;
  readonly menu?: string;
  /** For debugfs, once the file system is filled. */
  readonly rootCommands?: readonly string[];
};

/** A small image in the form of ours: partitions, an ESP with a menu, a root with fstab. */
export function makeSampleImage(folder: string, change: SampleChange = {}): { path: string; layout: Layout } {
  const layout = layOut({ espSizeBytes: 36 * MIB, rootSizeBytes: 24 * MIB, seed: digestOfBytes('a sample') });
  const root = partitionOf(layout, 'root').guid;
  const menu = change.menu ?? `menuentry x {\n  linux /vmlinuz root=PARTUUID=${root} ro\n}\n`;
  const fstab =
    change.fstab ??
    `# on ${root.toUpperCase()}\nUUID=${SAMPLE.rootUuid} / ext4 defaults 0 1\nUUID=ABCD-1234 /boot/efi vfat noauto 0 0\n`;
  writeFileSync(join(folder, 'grub.cfg'), menu);
  writeFileSync(join(folder, 'fstab'), fstab);
  const commands = ['mkdir etc', `write ${folder}/fstab etc/fstab`, ...(change.rootCommands ?? [])];
  run(`cd ${folder}; rm -f esp root
    truncate -s 36M esp; mkfs.fat -F 32 -S 512 -s 1 -i ${SAMPLE.espId} esp
    mmd -i esp ::/grub; mcopy -i esp grub.cfg ::/grub/grub.cfg
    truncate -s 24M root
    mke2fs -q -F -t ext4 -b 4096 -O ^orphan_file,metadata_csum,metadata_csum_seed -J size=4 -U ${SAMPLE.rootUuid} root
    debugfs -w -f - root >debugfs.log 2>&1 <<'END'
${commands.join('\n')}
END`);
  const image = Buffer.alloc(layout.sizeSectors * 512);
  for (const { startSector, bytes } of encodeLayout(layout)) image.set(bytes, startSector * 512);
  for (const role of ['esp', 'root'] as const) {
    image.set(readFileSync(join(folder, role)), partitionOf(layout, role).startSector * 512);
  }
  const path = join(folder, 'image');
  writeFileSync(path, image);
  return { path, layout };
}

/** Cuts both file systems out of an image, into `esp` and `root` of a folder; gives the text of menu and fstab. */
export function partitionText(
  image: Buffer,
  layout: Layout,
  folder: string,
): { menu: string; fstab: string } {
  for (const role of ['esp', 'root'] as const) {
    const { startSector, sizeSectors } = partitionOf(layout, role);
    writeFileSync(join(folder, role), image.subarray(startSector * 512, (startSector + sizeSectors) * 512));
  }
  return {
    menu: run(`mcopy -i ${folder}/esp ::/grub/grub.cfg -`),
    fstab: run(`debugfs -R 'cat /etc/fstab' ${folder}/root 2>/dev/null`),
  };
}
