import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { digestOfBytes } from '#base';
import { encodeLayout, layoutForDrive, partitionOf } from '#disk';
import { bytesReader } from '#file-system';
import type { ImageManifest } from '#manifest';
import { type Finding, renewIdentity, verifyImage } from './index.ts';
import { hasImageTools, makeSampleImage, type SampleChange, testFolder } from './testing-image.ts';

/** What verifying tells, a line for each finding: `!` in front of what was not expected. */
async function verified(bytes: Buffer, manifest: ImageManifest): Promise<string[]> {
  const findings = await verifyImage(bytesReader(bytes), manifest);
  if (!findings.ok) return [findings.problem.message];
  const lines: string[] = [];
  for await (const finding of findings.value) lines.push(lineOf(finding));
  return lines.sort();
}

function lineOf({ place, path, kind, aspects, build, expectedBecause }: Finding): string {
  const mark = expectedBecause === undefined ? '!' : '·';
  const words = aspects.map((aspect) => `${aspect.name}: ${aspect.words}`).join('; ');
  return `${mark} ${kind} ${place} ${path} [${words}]${build === undefined ? '' : ` ${build}`}`;
}

async function verifiedSample(change: SampleChange): Promise<string[]> {
  using folder = testFolder();
  const { path, manifest } = makeSampleImage(folder.path, change);
  return verified(readFileSync(path), manifest);
}

/** debugfs' commands that put other text into a file. */
function rewritten(path: string, ...lines: string[]): string[] {
  return [`rm ${path}`, ...lines];
}

/** debugfs' mknod knows names, but no paths. */
function device(folder: string): string[] {
  return [`cd ${folder}`, 'mknod disk b 8 0', 'cd /'];
}

describe('verify', { skip: !hasImageTools() }, () => {
  test('an image as it was made differs in nothing', async () => {
    assert.deepEqual(await verifiedSample({}), []);
  });

  test('an edited, missing, extra, moved or newly privileged file is named, with what differs', async () => {
    const lines = await verifiedSample({
      rootCommands: [
        ...rewritten('/usr/bin/tool', 'write other /usr/bin/tool', 'sif /usr/bin/tool mode 0100755'),
        'sif /usr/bin/su uid 1000',
        'sif /usr/bin mode 040777',
        'rm /usr/bin/sh',
        'symlink /usr/bin/sh su',
        'rm /var/log/old',
        'rm /etc/hostname',
        'write other /usr/bin/extra',
        'sif /usr/bin/extra mode 0104755',
        'ea_set /usr/bin/su security.capability x',
        ...device('/usr/bin'),
      ],
      espScript: `printf 'anothEr program' >other; printf 'b loader' >other-loader
        mdel -i esp ::/vmlinuz
        mcopy -o -i esp other-loader ::/EFI/BOOT/BOOTX64.EFI`,
    });
    assert.deepEqual(lines, [
      '! changed esp /EFI/BOOT/BOOTX64.EFI [content: other bytes] image',
      '! changed root /usr/bin [mode: 0777 instead of 0755] system/etc',
      '! changed root /usr/bin/sh [target: su instead of tool] final/all',
      '! changed root /usr/bin/su [owner: 1000:0 instead of 0:0; attributes: has extended attributes, such as capabilities] final/all',
      '! changed root /usr/bin/tool [content: other bytes] final/all',
      '! extra root /usr/bin/disk [presence: block-device of 0:0, mode 0000]',
      '! extra root /usr/bin/extra [presence: file of 0:0, mode 4755]',
      '! missing esp /vmlinuz [presence: is missing] image',
      '! missing root /etc/hostname [presence: is missing] final/all',
      '· missing root /var/log/old [presence: is missing] final/all',
    ]);
  });

  test('what first boot and use change is expected, but not with rights of its own', async () => {
    const lines = await verifiedSample({
      rootCommands: [
        ...[
          '/etc/machine-id',
          '/etc/passwd-',
          '/var/lib',
          '/home/ada',
          '/home/ada/.bashrc',
          '/lost+found/#12',
        ].map((path) => (/lib|ada$/.test(path) ? `mkdir ${path}` : `write /etc/hostname ${path}`)),
        ...rewritten('/etc/shadow', 'write /etc/hostname /etc/shadow', 'sif /etc/shadow mode 0100600'),
        ...rewritten('/etc/localtime', 'symlink /etc/localtime /usr/share/zoneinfo/Europe/Berlin'),
        ...['/home/ada/root-shell', '/var/lib/root-shell'].flatMap((path) => [
          `write /etc/hostname ${path}`,
          `sif ${path} mode 0104755`,
        ]),
        ...device('/home/ada'),
        'sif /etc/hostname mode 0100666',
      ],
      espScript: `mdel -i esp ::/blazeneuro.conf
        mmd -i esp '::/System Volume Information' ::/Games
        mcopy -i esp files/* '::/System Volume Information/'`,
    });
    assert.deepEqual(
      lines.filter((line) => line.startsWith('!')),
      [
        '! changed root /etc/hostname [mode: 0666 instead of 0644] final/all',
        "! extra esp /Games [presence: directory, of nobody's making]",
        '! extra root /home/ada/disk [presence: block-device of 0:0, mode 0000]',
        '! extra root /home/ada/root-shell [presence: file of 0:0, mode 4755]',
        '! extra root /var/lib/root-shell [presence: file of 0:0, mode 4755]',
      ],
    );
    const expected = lines
      .filter((line) => line.startsWith('·'))
      .map((line) => line.split(' ').slice(1, 4).join(' '));
    for (const line of [
      'changed root /etc/localtime',
      'changed root /etc/shadow',
      'extra root /etc/machine-id',
      'extra root /etc/passwd-',
      'extra root /home/ada',
      'extra root /home/ada/.bashrc',
      'extra root /lost+found/#12',
      'extra root /var/lib',
      'missing esp /blazeneuro.conf',
    ]) {
      assert.ok(expected.includes(line), `${line} in ${expected.join('\n')}`);
    }
  });

  test('a stick with an identity and a size of its own, and a root that has grown, is as it was built', async () => {
    using folder = testFolder();
    const { path, manifest } = makeSampleImage(folder.path);
    const bytes = readFileSync(path);
    const renewed = await renewIdentity(bytesReader(bytes), digestOfBytes('chance'));
    assert.ok(renewed.ok);
    const stick = Buffer.concat([bytes, Buffer.alloc(5 * 2 ** 20)]);
    for (const { offsetBytes, bytes: patch } of renewed.value.patches) stick.set(patch, offsetBytes);
    const layout = layoutForDrive(renewed.value.layout, stick.length / 512);
    const grown = {
      ...layout,
      partitions: layout.partitions.map((one) =>
        one.role === 'root' ? { ...one, sizeSectors: layout.lastUsableSector - one.startSector + 1 } : one,
      ),
    };
    const bootCode = stick.subarray(0, 440);
    for (const { startSector, bytes: table } of encodeLayout(grown, bootCode))
      stick.set(table, startSector * 512);
    const lines = await verified(stick, manifest);
    assert.ok(
      lines.every((line) => line.startsWith('·')),
      lines.join('\n'),
    );
    assert.deepEqual(
      lines.map((line) => line.split(' [')[0]),
      ['· changed disk GUIDs', '· changed disk partition 2 (root)'],
    );
    // Copied as it is, the backup is not at the end, and the names are still the image's.
    const copied = Buffer.concat([bytes, Buffer.alloc(5 * 2 ** 20)]);
    assert.deepEqual(
      (await verified(copied, manifest)).map((line) => line.split(' [')[0]),
      ['· changed disk backup partition table'],
    );
  });

  test('an edited reference is named, whatever the names of the stick are', async () => {
    const lines = await verifiedSample({
      fstab: 'UUID=0a0b0c0d-0102-8304-8506-0708090a0b0c / ext4 ro 0 1\n',
    });
    assert.match(
      lines.join('\n'),
      /^! changed root \/etc\/fstab \[content: \d+ bytes instead of \d+\] final\/all$/,
    );
  });

  test('every part outside of the file systems is looked at', async () => {
    using folder = testFolder();
    const { path, manifest, layout } = makeSampleImage(folder.path);
    const bytes = readFileSync(path);
    const last = layout.sizeSectors - 1;
    const biosBoot = partitionOf(layout, 'bios-boot').startSector;
    for (const [offset, told] of [
      [100, /^! changed disk boot code of sector 0/],
      [450, /^! changed disk sector 0 \[content: no protective/],
      [biosBoot * 512 + 100, /^! changed disk BIOS boot partition/],
      [biosBoot * 512 + 9000, /^! changed disk BIOS boot partition/],
      [600, /^! damaged disk primary partition table/],
      [last * 512 + 90, /^! damaged disk backup partition table/],
    ] as const) {
      const spoilt = Buffer.from(bytes);
      spoilt[offset] = (spoilt[offset] ?? 0) ^ 0x01;
      const lines = await verified(spoilt, manifest);
      assert.match(lines.join('\n'), told, `byte ${offset}`);
      assert.equal(lines.length, 1, lines.join('\n'));
    }
    const [first, , third] = layout.partitions;
    assert.ok(first !== undefined && third !== undefined);
    const fewer = Buffer.from(bytes);
    for (const { startSector, bytes: table } of encodeLayout(
      { ...layout, partitions: [first, third] },
      bytes.subarray(0, 440),
    )) {
      fewer.set(table, startSector * 512);
    }
    assert.deepEqual(await verified(fewer, manifest), [
      '! missing disk partition 2 (root) [presence: is missing] image',
    ]);
    assert.match((await verified(Buffer.alloc(1000 * 512), manifest)).join(), /no partition table/);
  });

  test('a file system that is damaged, or was in use, is told of, and the rest is compared', async () => {
    using folder = testFolder();
    const { path, manifest, layout } = makeSampleImage(folder.path);
    const bytes = readFileSync(path);
    const rootOffset = partitionOf(layout, 'root').startSector * 512;
    const spoilt = Buffer.from(bytes);
    spoilt[rootOffset + 1024 + 10] = (spoilt[rootOffset + 1024 + 10] ?? 0) ^ 1;
    assert.match(
      (await verified(spoilt, manifest)).join('\n'),
      /^! damaged root file system \[state: .*does not match/,
    );
    const names = bytes.indexOf('localtime', rootOffset);
    const inDirectory = Buffer.from(bytes);
    inDirectory[names] = 'L'.charCodeAt(0);
    const lines = await verified(inDirectory, manifest);
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(lines.join(), /^! damaged root \/etc \[state: .*inode \d+ does not match its checksum/);
    assert.deepEqual(await verifiedSample({ rootCommands: ['ssv state 0'] }), [
      '· changed root file system [state: it was not unmounted in order] image',
    ]);
    assert.deepEqual(await verifiedSample({ rootCommands: ['ssv state 3'] }), [
      '! damaged root file system [state: the kernel found errors in it that were not mended since] image',
    ]);
  });
});
