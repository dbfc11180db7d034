import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfBytes } from '#base';
import { encodeLayout, type Layout, layOut, partitionOf } from '#disk';
import type { ImageFile, ImageManifest } from '#manifest';

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

/** What a sample image may have otherwise than its manifest says. */
export type SampleChange = {
  readonly fstab?: string;
  readonly menu?: string;
  /** For debugfs, once the file system is filled. */
  readonly rootCommands?: readonly string[];
  /** Shell text, with the file system as `esp`. */
  readonly espScript?: string;
  /** Done to the bytes of the whole image at last. */
  readonly spoil?: (image: Buffer) => void;
};

export type SampleImage = {
  readonly path: string;
  readonly layout: Layout;
  readonly manifest: ImageManifest;
};

const LAYOUT = layOut({ espSizeBytes: 36 * MIB, rootSizeBytes: 24 * MIB, seed: digestOfBytes('a sample') });
const ROOT_GUID = partitionOf(LAYOUT, 'root').guid;
const FSTAB = `# on ${ROOT_GUID.toUpperCase()}\nUUID=${SAMPLE.rootUuid} / ext4 defaults 0 1\nUUID=ABCD-1234 /boot/efi vfat noauto 0 0\n`;
const MENU = `menuentry x {\n  linux /vmlinuz root=PARTUUID=${ROOT_GUID} ro\n}\n`;

/** The files of the sample's root beside fstab: text, mode, owner. */
const FILES: Readonly<Record<string, readonly [string, string, number]>> = {
  '/etc/hostname': ['sample\n', '0644', 0],
  '/etc/shadow': ['root::1::::::\n', '0600', 0],
  '/usr/bin/su': ['a program', '4755', 0],
  '/usr/bin/tool': ['another program', '0755', 0],
  '/var/log/old': ['lines\n', '0644', 7],
};
const LINKS: Readonly<Record<string, string>> = {
  '/etc/localtime': '/usr/share/zoneinfo/UTC',
  '/usr/bin/sh': 'tool',
};
const FOLDERS = ['/etc', '/home', '/usr', '/usr/bin', '/var', '/var/log'];
const ESP_FILES: Readonly<Record<string, string>> = {
  '/EFI/BOOT/BOOTX64.EFI': 'a loader',
  '/blazeneuro.conf': '#HOSTNAME=x\n',
  '/vmlinuz': 'a kernel',
};

/** A small image in the form of ours: partitions, an ESP with a menu, a root with fstab. */
export function makeSampleImage(folder: string, change: SampleChange = {}): SampleImage {
  mkdirSync(join(folder, 'files'), { recursive: true });
  const staged = (text: string) => {
    const name = join(folder, 'files', digestOfBytes(text));
    writeFileSync(name, text);
    return name;
  };
  const commands = [
    ...FOLDERS.map((path) => `mkdir ${path}`),
    `write ${staged(change.fstab ?? FSTAB)} /etc/fstab`,
    'sif /etc/fstab mode 0100644',
    ...Object.entries(FILES).flatMap(([path, [text, mode, uid]]) => [
      `write ${staged(text)} ${path}`,
      `sif ${path} mode 010${mode}`,
      `sif ${path} uid ${uid}`,
    ]),
    ...Object.entries(LINKS).map(([path, target]) => `symlink ${path} ${target}`),
    ...(change.rootCommands ?? []),
  ];
  const copies = Object.entries({ ...ESP_FILES, '/grub/grub.cfg': change.menu ?? MENU });
  run(`cd ${folder}; rm -f esp root
    truncate -s 36M esp; mkfs.fat -F 32 -S 512 -s 1 -i ${SAMPLE.espId} -n SAMPLE esp
    mmd -i esp ::/grub ::/EFI ::/EFI/BOOT
    ${copies.map(([path, text]) => `mcopy -i esp ${staged(text)} ::${path}`).join('\n')}
    ${change.espScript ?? ''}
    truncate -s 24M root
    mke2fs -q -F -t ext4 -b 4096 -O ^orphan_file,metadata_csum,metadata_csum_seed -J size=4 -L sample -U ${SAMPLE.rootUuid} root
    debugfs -w -f - root >debugfs.log 2>debugfs.errors <<'END'
${commands.join('\n')}
END
    if [ "$(sed 1d debugfs.errors)" != "" ]; then cat debugfs.errors; exit 1; fi`);
  const path = join(folder, 'image');
  const image = assemble(folder);
  change.spoil?.(image);
  writeFileSync(path, image);
  return { path, layout: LAYOUT, manifest: sampleManifest(image.length) };
}

function assemble(folder: string): Buffer {
  const image = Buffer.alloc(LAYOUT.sizeSectors * 512);
  for (const { startSector, bytes } of encodeLayout(LAYOUT, BOOT_CODE)) image.set(bytes, startSector * 512);
  image.set(BIOS_BOOT, partitionOf(LAYOUT, 'bios-boot').startSector * 512);
  for (const role of ['esp', 'root'] as const) {
    image.set(readFileSync(join(folder, role)), partitionOf(LAYOUT, role).startSector * 512);
  }
  return image;
}

const BOOT_CODE = Buffer.alloc(440, 0xcc);
const BIOS_BOOT = Buffer.alloc(partitionOf(LAYOUT, 'bios-boot').sizeSectors * 512);
BIOS_BOOT.fill(0xdd, 0, 5000);

function sampleManifest(sizeBytes: number): ImageManifest {
  const ofFile = ([path, [text, mode, uid]]: [string, readonly [string, string, number]]): ImageFile => ({
    ...{ type: 'file', path, build: 'final/all', mode, uid, gid: 0 },
    ...{ sha256: digestOfBytes(text), size: Buffer.byteLength(text) },
  });
  const fileSystems = {
    esp: { type: 'fat32', uuid: 'ABCD-1234', label: 'SAMPLE' },
    root: { type: 'ext4', uuid: SAMPLE.rootUuid, label: 'sample' },
    'bios-boot': null,
  } as const;
  return {
    ...{ format: 1, profile: 'sample', digest: digestOfBytes(''), sizeBytes, sourceDateEpoch: 0 },
    diskGuid: LAYOUT.diskGuid,
    partitions: LAYOUT.partitions.map(({ guid, name: _, ...partition }) => ({
      ...partition,
      partUuid: guid,
      fileSystem: fileSystems[partition.role],
    })),
    boot: { bootCode: digestOfBytes(BOOT_CODE), biosBoot: digestOfBytes(BIOS_BOOT) },
    files: [
      ...FOLDERS.map((path) => ({
        ...({ type: 'directory', path, mode: '0755' } as const),
        uid: 0,
        gid: 0,
        build: 'system/etc',
      })),
      ...Object.entries({ ...FILES, '/etc/fstab': [FSTAB, '0644', 0] as const }).map(ofFile),
      ...Object.entries(LINKS).map(
        ([path, target]) => ({ type: 'symlink', path, target, build: 'final/all' }) as const,
      ),
    ],
    espFiles: Object.entries({ ...ESP_FILES, '/grub/grub.cfg': MENU }).map(([path, text]) => ({
      ...{ path, sha256: digestOfBytes(text), size: Buffer.byteLength(text), build: 'image' },
    })),
  };
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
