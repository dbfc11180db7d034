import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openExt4 } from '../index.ts';
import { applyPatches, fileReader, hasPrograms, joined, run, testFolder, walked } from '../testing.ts';
import { debugfs, FEATURES, lineOf, makeExt4, usedByDumpe2fs, withExt4 } from './testing-ext4.ts';

const BLOCK = 4096;
const skip = !hasPrograms('mke2fs', 'debugfs', 'e2fsck', 'resize2fs', 'dumpe2fs');

/** Every second block holes: each of the others is an extent of its own, enough for a tree of three levels. */
function holed(blocks: number): Buffer {
  const bytes = Buffer.alloc(blocks * 2 * BLOCK - 100);
  for (let at = 0; at < blocks; at += 1)
    bytes.fill(at % 251 === 0 ? 1 : at % 251, at * 2 * BLOCK, (at * 2 + 1) * BLOCK);
  return bytes;
}

describe('ext4', { skip }, () => {
  test('every type of entry is read with mode, owner, size and target', async () => {
    using folder = testFolder();
    writeFileSync(join(folder.path, 'bytes'), 'some bytes');
    const long = `/a/long/target/${'x'.repeat(80)}`;
    const path = makeExt4(folder.path, {
      commands: [
        'mkdir usr',
        `write ${folder.path}/bytes usr/su`,
        'set_inode_field usr/su mode 0104755',
        'set_inode_field usr/su uid 100000',
        'set_inode_field usr/su gid 7',
        'symlink short su',
        `symlink long ${long}`,
        'symlink sixty 012345678901234567890123456789012345678901234567890123456789',
        'mknod null c 1 3',
        'mknod sda b 8 0',
        'mknod pipe p',
        'link usr/su usr/other-name',
        'set_inode_field usr/su links_count 2',
        'mkdir "a b ä"',
        'set_inode_field "a b ä" mode 041777',
      ],
    });
    const lines = await withExt4(path, async (ext4) => {
      assert.equal(ext4.label, 'sample');
      assert.equal(ext4.uuid, '00000000-0000-4000-8000-000000000001');
      assert.ok(ext4.isClean);
      const entries = await walked(ext4.walk());
      const number = (wanted: string) =>
        entries.map((entry) => entry.path === wanted && entry.type === 'file' && entry.number).find(Boolean);
      assert.equal(number('/usr/su'), number('/usr/other-name'));
      return entries
        .map((entry) => (entry.type === 'damaged' ? entry.problem.message : lineOf(entry)))
        .sort();
    });
    assert.deepEqual(lines, [
      '/ directory 0755 0:0',
      '/a b ä directory 1777 0:0',
      `/long symlink 0777 0:0 -> ${long}`,
      '/lost+found directory 0700 0:0',
      '/null character-device 0000 0:0',
      '/pipe fifo 0000 0:0',
      '/sda block-device 0000 0:0',
      '/short symlink 0777 0:0 -> su',
      '/sixty symlink 0777 0:0 -> 012345678901234567890123456789012345678901234567890123456789',
      '/usr directory 0755 0:0',
      '/usr/other-name file 4755 100000:7 10',
      '/usr/su file 4755 100000:7 10',
    ]);
  });

  test('a file of holes and of many extents is read as it was written, and its bytes are found', async () => {
    using folder = testFolder();
    const content = holed(2000);
    writeFileSync(join(folder.path, 'holed'), content);
    writeFileSync(
      join(folder.path, 'plain'),
      content.subarray(0, 3 * BLOCK + 5).map((byte) => byte + 1),
    );
    const path = makeExt4(folder.path, {
      commands: [
        `write ${folder.path}/holed holed`,
        `write ${folder.path}/plain plain`,
        'fallocate plain 4 9',
      ],
    });
    assert.match(run(`debugfs -R 'ex holed' ${path} 2>&1`), /^ *1\/ *[12] /m, 'the tree should have levels');
    await withExt4(path, async (ext4) => {
      const entries = await walked(ext4.walk());
      const contentOf = async (name: string) => {
        const entry = entries.find((one) => one.path === name);
        assert.ok(entry !== undefined && entry.type !== 'damaged');
        return joined(ext4.content(entry));
      };
      assert.ok((await contentOf('/holed')).equals(content));
      const plain = await contentOf('/plain');
      using reader = fileReader(path);
      const located = await ext4.locate('/plain');
      assert.ok(located.ok);
      const parts = await Promise.all(
        located.value.map((range) => reader.read(range.offsetBytes, range.lengthBytes)),
      );
      assert.ok(Buffer.concat(parts).equals(plain));
      assert.equal(plain.length, 3 * BLOCK + 5);
      for (const [name, why] of [
        ['/holed', /has a hole/],
        ['/none', /no file \/none/],
        ['/lost+found', /no file/],
        ['/plain/x', /no file/],
      ] as const) {
        const answer = await ext4.locate(name);
        assert.ok(!answer.ok);
        assert.match(answer.problem.message, why);
      }
    });
  });

  test('a directory with a hash tree gives every name once', async () => {
    using folder = testFolder();
    writeFileSync(join(folder.path, 'bytes'), 'x');
    const names = Array.from({ length: 1500 }, (_, at) => `a-name-that-takes-some-room-in-its-block-${at}`);
    const path = makeExt4(folder.path, {
      sizeMib: 64,
      commands: ['mkdir many', 'cd many', ...names.map((name) => `write ${folder.path}/bytes ${name}`)],
    });
    run(`e2fsck -fyD ${path} || [ $? -eq 1 ]`);
    assert.match(run(`debugfs -R 'htree /many' ${path} 2>&1`), /Root node dump/);
    await withExt4(path, async (ext4) => {
      const found = (await walked(ext4.walk())).filter((entry) => entry.path.startsWith('/many/'));
      assert.ok(found.every(({ type }) => type === 'file'));
      assert.deepEqual(found.map((entry) => entry.path.slice(6)).sort(), names.sort());
      assert.ok((await ext4.locate(`/many/${names[777]}`)).ok);
    });
  });

  const layouts: [string, Parameters<typeof makeExt4>[1], string?][] = [
    ['as the image makes it', { sizeMib: 300 }],
    ['grown far beyond its image', { sizeMib: 300 }, '9G'],
    ['with blocks of 1 KiB', { words: '-b 1024 -J size=4' }],
    [
      'with descriptors among the groups',
      { sizeMib: 9000, words: '', features: `${FEATURES},meta_bg,^resize_inode` },
    ],
    ['with two backups only', { sizeMib: 700, features: `${FEATURES},sparse_super2` }],
    ['without 64 bits', { sizeMib: 300, features: FEATURES.replace('64bit,', ''), words: '-b 4096' }],
    ['without groups in flexible places', { sizeMib: 700, features: FEATURES.replace('flex_bg,', '') }],
  ];
  for (const [name, options, grownTo] of layouts) {
    test(`the blocks in use are those that dumpe2fs names: ${name}`, async () => {
      using folder = testFolder();
      writeFileSync(join(folder.path, 'holed'), holed(500));
      const path = makeExt4(folder.path, { ...options, commands: [`write ${folder.path}/holed holed`] });
      if (grownTo !== undefined) run(`resize2fs ${path} ${grownTo} 2>&1`);
      const ranges = await withExt4(path, async (ext4) => {
        const used = await ext4.usedRanges();
        return used.map(({ offsetBytes, lengthBytes }) => {
          const first = offsetBytes / ext4.blockBytes;
          return `${first}-${first + lengthBytes / ext4.blockBytes - 1}`;
        });
      });
      assert.deepEqual(ranges, usedByDumpe2fs(path));
    });
  }

  test('what lies behind the file system in its partition counts as used', async () => {
    using folder = testFolder();
    const path = makeExt4(folder.path, { sizeMib: 64 });
    run(`truncate -s 65M ${path}`);
    const last = await withExt4(path, async (ext4) => (await ext4.usedRanges()).at(-1));
    assert.deepEqual(last, { offsetBytes: 64 * 2 ** 20, lengthBytes: 2 ** 20 });
  });

  for (const [name, features] of [
    ['as the image makes it', FEATURES],
    ['whose checksums begin with the UUID', FEATURES.replace(',metadata_csum_seed', '')],
    ['with two backups only', `${FEATURES},sparse_super2`],
  ] as const) {
    test(`a renewed UUID stands in every copy of the superblock, and nothing else changes: ${name}`, async () => {
      using folder = testFolder();
      writeFileSync(join(folder.path, 'bytes'), holed(900));
      const path = makeExt4(folder.path, {
        sizeMib: 1200,
        features,
        commands: [`write ${folder.path}/bytes b`],
      });
      const uuid = 'fedcba98-7654-8321-8fed-cba987654321';
      const patches = await withExt4(path, (ext4) => ext4.renewed(uuid));
      applyPatches(path, patches);
      assert.match(run(`e2fsck -fn ${path} 2>&1`), /sample: \d+\/\d+ files/);
      assert.match(run(`blkid -p -o export ${path}`), new RegExp(`^UUID=${uuid}$`, 'm'));
      const groups = run(`dumpe2fs ${path} 2>/dev/null`);
      const copies = [...groups.matchAll(/(?:Primary|Backup) superblock at (\d+)/g)].map(([, block]) =>
        Number(block),
      );
      assert.equal(patches.length, copies.length);
      for (const block of copies.slice(1)) {
        assert.match(
          run(`dumpe2fs -h -o superblock=${block} -o blocksize=4096 ${path} 2>&1`),
          new RegExp(`UUID: +${uuid}`),
        );
        assert.match(run(`e2fsck -fn -b ${block} -B 4096 ${path} 2>&1 || [ $? -eq 4 ]`), /sample: /);
      }
      await withExt4(path, async (ext4) => {
        assert.equal(ext4.uuid, uuid);
        assert.ok((await walked(ext4.walk())).every(({ type }) => type !== 'damaged'));
      });
    });
  }

  test('a file system that was not unmounted is not called clean', async () => {
    using folder = testFolder();
    for (const [field, value] of [
      ['feature_incompat', '0x22c6'],
      ['state', '0'],
      ['state', '3'],
      ['last_orphan', '12'],
    ] as const) {
      const path = makeExt4(folder.path);
      debugfs(path, [`ssv ${field} ${value}`]);
      assert.deepEqual(
        await withExt4(path, async ({ isClean, needsRecovery }) => [isClean, needsRecovery]),
        [false, field === 'feature_incompat'],
        field,
      );
    }
  });

  test('extended attributes are seen', async () => {
    using folder = testFolder();
    writeFileSync(join(folder.path, 'bytes'), 'x');
    const path = makeExt4(folder.path, {
      commands: [
        ...['plain', 'small', 'large'].map((name) => `write ${folder.path}/bytes ${name}`),
        'ea_set small security.capability x',
        `ea_set large user.a ${'y'.repeat(500)}`,
      ],
    });
    const attributes = await withExt4(path, async (ext4) =>
      Object.fromEntries(
        (await walked(ext4.walk())).map((entry) => [
          entry.path,
          entry.type !== 'damaged' && entry.hasAttributes,
        ]),
      ),
    );
    assert.deepEqual(attributes, {
      '/': false,
      '/lost+found': false,
      '/plain': false,
      '/small': true,
      '/large': true,
    });
  });

  test('file systems of other kinds are refused by name', async () => {
    using folder = testFolder();
    const refused = async (path: string) => {
      using reader = fileReader(path);
      const opened = await openExt4(reader);
      assert.ok(!opened.ok);
      return opened.problem.message;
    };
    assert.match(await refused(makeExt4(folder.path, { features: '^metadata_csum' })), /no checksums/);
    assert.match(await refused(makeExt4(folder.path, { features: `${FEATURES},bigalloc` })), /clusters/);
    assert.match(await refused(makeExt4(folder.path, { features: `${FEATURES},inline_data` })), /0x8000/);
    run(`truncate -s 0 ${folder.path}/ext4; truncate -s 1M ${folder.path}/ext4`);
    assert.match(await refused(join(folder.path, 'ext4')), /no superblock/);
    run(`truncate -s 100 ${folder.path}/ext4`);
    assert.match(await refused(join(folder.path, 'ext4')), /too small/);
    const cut = makeExt4(folder.path);
    run(`truncate -s 63M ${cut}`);
    assert.match(await refused(cut), /its partition/);
  });
});
