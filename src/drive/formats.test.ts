import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { fileSystemFormats } from './file-system-formats.ts';
import { type Ends, type Format, HEAD_BYTES, TAIL_BYTES } from './format.ts';
import { memberFormats } from './member-formats.ts';
import { readGpt, readMbr } from './partition-table.ts';
import { HEADERS } from './testing-formats.ts';
import { runTool } from './testing-loops.ts';

const folder = mkdtempSync(join(tmpdir(), 'format-test-'));
after(() => rmSync(folder, { recursive: true }));

const SIZE_BYTES = 64 * 1024 * 1024;

/** A file of zeros with what is put into it. */
function makeFile(
  name: string,
  contents: readonly { readonly at: number; readonly bytes: Uint8Array }[] = [],
): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  truncateSync(path, SIZE_BYTES);
  const file = openSync(path, 'r+');
  for (const { at, bytes } of contents) writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
  return path;
}

function formatsOf(path: string): readonly Format[] {
  const bytes = readFileSync(path);
  const ends = endsOf(bytes);
  return [...fileSystemFormats(ends), ...memberFormats(ends)];
}

function endsOf(bytes: Buffer): Ends {
  const head = Buffer.alloc(HEAD_BYTES);
  bytes.copy(head);
  return { head, tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)), sizeBytes: bytes.length };
}

/** What util-linux calls the format of a file, and its label and UUID. */
function blkid(path: string): Readonly<Record<string, string>> {
  const { stdout } = spawnSync('blkid', ['--probe', '--output', 'export', path], {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
}

const whyNoBlkid = spawnSync('/usr/sbin/blkid', ['--version']).status === 0 ? false : 'blkid is missing';

describe('what real tools make is known by kind, label and UUID, as blkid knows it', {
  skip: whyNoBlkid,
}, () => {
  const makers: readonly (readonly [kind: string, type: string, words: readonly string[]])[] = [
    ['ext2', 'ext2', ['mke2fs', '-q', '-t', 'ext2', '-L', 'photos']],
    ['ext3', 'ext3', ['mke2fs', '-q', '-t', 'ext3', '-L', 'photos']],
    ['ext4', 'ext4', ['mke2fs', '-q', '-t', 'ext4', '-L', 'photos']],
    ['FAT12', 'vfat', ['mkfs.fat', '-F', '12', '-s', '64', '-n', 'photos']],
    ['FAT16', 'vfat', ['mkfs.fat', '-F', '16', '-n', 'photos']],
    ['FAT32', 'vfat', ['mkfs.fat', '-F', '32', '-s', '1', '-n', 'photos']],
    ['swap', 'swap', ['mkswap', '-L', 'photos']],
  ];
  for (const [kind, type, [tool = '', ...words]] of makers) {
    test(kind, () => {
      const path = makeFile(`made-${kind}`);
      runTool(tool, ...words, path);
      const [format, ...more] = formatsOf(path);
      const known = blkid(path);
      assert.deepEqual(more, []);
      assert.equal(known['TYPE'], type);
      assert.deepEqual(
        [format?.kind, format?.label?.toLowerCase(), format?.uuid],
        [kind, known['LABEL']?.toLowerCase(), known['UUID']],
      );
    });
  }
});

test('how full a file system is follows what is put into it', () => {
  const path = makeFile('filling');
  runTool('mke2fs', '-q', '-t', 'ext4', path);
  const before = formatsOf(path)[0]?.usedBytes ?? 0;
  const content = join(folder, 'content');
  writeFileSync(content, Buffer.alloc(10_000_000, 1));
  const written = spawnSync('debugfs', ['-w', '-R', `write ${content} content`, path], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  assert.equal(written.status, 0);
  const grown = (formatsOf(path)[0]?.usedBytes ?? 0) - before;
  assert.ok(grown >= 10_000_000 && grown < 10_200_000, String(grown));
});

/** Of these blkid checks more than the magic number, and finds it right: they are as real as the tools' own. */
const AS_BLKID_SAYS: readonly (readonly [keyof typeof HEADERS, kind: string, type: string])[] = [
  ['luks1', 'LUKS', 'crypto_LUKS'],
  ['luks2', 'LUKS', 'crypto_LUKS'],
  ['lvm', 'LVM', 'LVM2_member'],
  ['raid090', 'Linux RAID', 'linux_raid_member'],
  ['raid10', 'Linux RAID', 'linux_raid_member'],
  ['raid11', 'Linux RAID', 'linux_raid_member'],
  ['raid12', 'Linux RAID', 'linux_raid_member'],
  ['btrfs', 'btrfs', 'btrfs'],
  ['zfs', 'ZFS', 'zfs_member'],
];

describe('made-up headers are what blkid takes them for', { skip: whyNoBlkid }, () => {
  for (const [header, kind, type] of AS_BLKID_SAYS) {
    test(header, () => {
      const path = makeFile(header, HEADERS[header]({ startBytes: 0, sizeBytes: SIZE_BYTES }));
      assert.equal(blkid(path)['TYPE'], type);
      assert.deepEqual(
        formatsOf(path).map((format) => format.kind),
        [kind],
      );
    });
  }
});

test('of a RAID below an ext4 both are found', () => {
  const path = makeFile('both');
  runTool('mke2fs', '-q', '-t', 'ext4', path);
  const [header] = HEADERS.raid10({ startBytes: 0, sizeBytes: SIZE_BYTES });
  const file = openSync(path, 'r+');
  writeSync(file, header?.bytes ?? Buffer.alloc(0), 0, header?.bytes.length, header?.at);
  closeSync(file);
  assert.deepEqual(
    formatsOf(path).map(({ kind }) => kind),
    ['ext4', 'Linux RAID'],
  );
});

test('zeros, 0xFF and chance are no format, and no table', () => {
  for (const byte of [0, 0xff]) {
    const ends = endsOf(Buffer.alloc(2 * 1024 * 1024, byte));
    assert.deepEqual([...fileSystemFormats(ends), ...memberFormats(ends)], []);
    assert.equal(readGpt(ends), undefined);
  }
  assert.deepEqual(readMbr(Buffer.alloc(512)), undefined);
});

/** Places where something is looked for, with the bytes that make it look further. */
const MAGIC: readonly (readonly [at: number, text: string])[] = [
  [510, '\x55\xaa'],
  [512, 'EFI PART'],
  [512, 'LABELONE'],
  [536, 'LVM2 001'],
  [3, 'EXFAT   '],
  [3, 'NTFS    '],
  [0, 'LUKS\xba\xbe'],
  [0, 'XFSB'],
  [1024 + 0x38, '\x53\xef'],
  [65_536 + 64, '_BHRfS_M'],
];

test('no bytes make the reader stumble, whatever stands behind a magic number', () => {
  const bytes = fc.record({
    sizeBytes: fc.integer({ min: 512, max: 300_000 }),
    noise: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    magic: fc.subarray(MAGIC.map((_, index) => index)),
  });
  fc.assert(
    fc.property(bytes, ({ sizeBytes, noise, magic }) => {
      const made = Buffer.alloc(sizeBytes, noise);
      for (const index of magic) {
        const [at, text] = MAGIC[index] ?? [0, ''];
        if (at + text.length < sizeBytes) made.write(text, at, 'latin1');
      }
      const ends = endsOf(made);
      fileSystemFormats(ends);
      memberFormats(ends);
      readGpt(ends);
      readMbr(ends.head);
    }),
    { numRuns: 200 },
  );
});
