import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Fat32, openFat32 } from '../index.ts';
import { applyPatches, fileReader, hasPrograms, joined, run, testFolder, walked } from '../testing.ts';

const MIB = 1024 * 1024;
const CLUSTER = 512;
const skip = !hasPrograms('mkfs.fat', 'fsck.fat', 'mcopy', 'mmd', 'blkid');

function makeFat32(folder: string, script = ''): string {
  const path = join(folder, 'fat');
  run(`truncate -s 40M ${path}
    mkfs.fat -F 32 -S 512 -s 1 -R 32 -f 2 --invariant -i 89abcdef -n SAMPLE ${path}
    ${script.replaceAll('IMAGE', path)}`);
  return path;
}

async function withFat32<T>(path: string, act: (fat: Fat32) => Promise<T>): Promise<T> {
  using reader = fileReader(path);
  const opened = await openFat32(reader);
  if (!opened.ok) throw new Error(opened.problem.message);
  return await act(opened.value);
}

describe('FAT32', { skip }, () => {
  test('names, long, short and of all alphabets, are read with their content', async () => {
    using folder = testFolder();
    const content = Buffer.from(Array.from({ length: 3 * CLUSTER + 17 }, (_, at) => at % 251));
    writeFileSync(join(folder.path, 'bytes'), content);
    writeFileSync(join(folder.path, 'empty'), '');
    const long = `a name that is much longer than thirteen letters ${'x'.repeat(150)}.text`;
    const names = ['vmlinuz', 'grub.cfg', 'BOOTX64.EFI', 'Mixed.Case', 'ä ö ü.txt', 'thirteen13.li', long];
    const path = makeFat32(
      folder.path,
      `mmd -i IMAGE ::/EFI ::/EFI/BOOT
       ${names.map((name) => `mcopy -i IMAGE ${folder.path}/bytes '::/EFI/BOOT/${name}'`).join('\n')}
       mcopy -i IMAGE ${folder.path}/bytes ::/deleted-later
       mdel -i IMAGE ::/deleted-later
       mcopy -i IMAGE ${folder.path}/empty ::/empty`,
    );
    await withFat32(path, async (fat) => {
      assert.equal(fat.volumeId, '89abcdef');
      assert.equal(fat.label, 'SAMPLE');
      assert.ok(fat.isClean);
      const entries = await walked(fat.walk());
      assert.deepEqual(
        entries.map((entry) => `${entry.path} ${entry.type}`).sort(),
        [
          ...['/ directory', '/EFI directory', '/EFI/BOOT directory', '/empty file'],
          ...names.map((name) => `/EFI/BOOT/${name} file`),
        ].sort(),
      );
      for (const entry of entries) {
        if (entry.type !== 'file') continue;
        const expected = entry.path === '/empty' ? Buffer.alloc(0) : content;
        assert.ok((await joined(fat.content(entry))).equals(expected), entry.path);
      }
    });
  });

  test('the bytes of a file are found, also in pieces, whatever the case of its name', async () => {
    using folder = testFolder();
    const piece = (fill: number) =>
      writeFileSync(join(folder.path, `${fill}`), Buffer.alloc(300 * CLUSTER, fill));
    for (const fill of [1, 2, 3]) piece(fill);
    const all = readFileSync(join(folder.path, '1'));
    run(`truncate -s 39000K ${folder.path}/filler`);
    writeFileSync(join(folder.path, 'large'), Buffer.concat([all, all, all.subarray(0, 700)]));
    // The only room for the large file is where two small ones were, with another between them, and the end.
    const path = makeFat32(
      folder.path,
      `mcopy -i IMAGE ${folder.path}/1 ${folder.path}/2 ${folder.path}/3 ::/
       free=$(mdir -i IMAGE ::/ | sed -n 's/ bytes free//p' | tr -d ' ')
       truncate -s $((free - 512 * 310)) ${folder.path}/filler
       mcopy -i IMAGE ${folder.path}/filler ::/filler
       mdel -i IMAGE ::/1 ::/3
       mcopy -i IMAGE ${folder.path}/large ::/LARGE.bin`,
    );
    await withFat32(path, async (fat) => {
      const located = await fat.locate('/large.BIN');
      assert.ok(located.ok);
      assert.ok(located.value.length > 1);
      using reader = fileReader(path);
      const parts = await Promise.all(
        located.value.map((one) => reader.read(one.offsetBytes, one.lengthBytes)),
      );
      assert.ok(Buffer.concat(parts).equals(readFileSync(join(folder.path, 'large'))));
      assert.ok(!(await fat.locate('/none')).ok);
      assert.ok(!(await fat.locate('/')).ok);
    });
  });

  test('what is in use is what fsck.fat counts, with sectors before and behind the clusters', async () => {
    using folder = testFolder();
    writeFileSync(join(folder.path, 'bytes'), Buffer.alloc(1000 * CLUSTER, 1));
    const path = makeFat32(
      folder.path,
      `mcopy -i IMAGE ${folder.path}/bytes ::/one\nmcopy -i IMAGE ${folder.path}/bytes ::/two\nmdel -i IMAGE ::/one`,
    );
    const [, used, all] = /(\d+)\/(\d+) clusters/.exec(run(`fsck.fat -n -v ${path}`)) ?? [];
    await withFat32(path, async (fat) => {
      const ranges = await fat.usedRanges();
      const total = ranges.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
      const clusters = Number(all) * CLUSTER;
      assert.equal(total, 40 * MIB - clusters + Number(used) * CLUSTER);
      assert.equal(ranges[0]?.offsetBytes, 0);
      assert.deepEqual(
        [...ranges].sort((a, b) => a.offsetBytes - b.offsetBytes),
        ranges,
      );
    });
  });

  test('a renewed id stands in the boot sector and in its copy', async () => {
    using folder = testFolder();
    const path = makeFat32(folder.path);
    const before = readFileSync(path);
    const patches = await withFat32(path, (fat) => fat.renewed('0123abcd'));
    applyPatches(path, patches);
    run(`fsck.fat -n ${path}`);
    assert.match(run(`blkid -p -o export ${path}`), /^UUID=0123-ABCD$/m);
    const after = readFileSync(path);
    const changed = Array.from(after.keys()).filter((at) => after[at] !== before[at]);
    assert.deepEqual(changed, [67, 68, 69, 70, 6 * 512 + 67, 6 * 512 + 68, 6 * 512 + 69, 6 * 512 + 70]);
    assert.equal(await withFat32(path, async ({ volumeId }) => volumeId), '0123abcd');
  });

  test('a FAT that was left mounted, or whose copies differ, is not called clean', async () => {
    using folder = testFolder();
    for (const offset of [32 * 512 + 7, 32 * 512 + 800]) {
      const path = makeFat32(folder.path);
      const byte = readFileSync(path).subarray(offset, offset + 1);
      applyPatches(path, [{ offsetBytes: offset, bytes: byte.map((value) => value ^ 0x08) }]);
      assert.equal(await withFat32(path, async ({ isClean }) => isClean), false);
    }
  });

  test('chains and folders that lead nowhere, or in a circle, are told of, and the rest is read', async () => {
    using folder = testFolder();
    writeFileSync(join(folder.path, 'bytes'), Buffer.alloc(4 * CLUSTER, 1));
    const path = makeFat32(
      folder.path,
      `mmd -i IMAGE ::/one ::/two\nmcopy -i IMAGE ${folder.path}/bytes ::/file`,
    );
    const boot = readFileSync(path).subarray(0, 512);
    const table = 32 * 512;
    const entry = (cluster: number, value: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return { offsetBytes: table + cluster * 4, bytes };
    };
    assert.equal(boot.readUInt32LE(44), 2);
    // Clusters: 2 the root, 3 and 4 the folders, 5 to 8 the file. The first folder's chain bites its own tail; the
    // file's leads out of the table.
    applyPatches(path, [entry(3, 3), entry(6, 0x0ffffff0)]);
    await withFat32(path, async (fat) => {
      const entries = await walked(fat.walk());
      const told = entries.map((one) =>
        one.type === 'damaged' ? `${one.path}: ${one.problem.message}` : one.path,
      );
      assert.deepEqual(told.slice(0, 4), ['/', '/one', '/two', '/file']);
      assert.match(told[4] ?? '', /^\/one: .*chain of cluster 3 has no end/);
      assert.equal(told.length, 5);
      const located = await fat.locate('/file');
      assert.ok(!located.ok);
      assert.match(located.problem.message, /leads to cluster/);
    });
  });

  test('file systems of other kinds are refused', async () => {
    using folder = testFolder();
    const path = join(folder.path, 'fat');
    const refused = async () => {
      using reader = fileReader(path);
      const opened = await openFat32(reader);
      assert.ok(!opened.ok);
      return opened.problem.message;
    };
    run(`truncate -s 16M ${path}; mkfs.fat -F 16 ${path}`);
    assert.match(await refused(), /no boot sector/);
    run(`truncate -s 0 ${path}; truncate -s 100 ${path}`);
    assert.match(await refused(), /too small/);
    makeFat32(folder.path);
    run(`truncate -s 39M ${path}`);
    assert.match(await refused(), /its partition/);
    makeFat32(folder.path);
    applyPatches(path, [{ offsetBytes: 36, bytes: Buffer.from([1, 0, 0, 0]) }]);
    assert.match(await refused(), /do not go together/);
  });
});
