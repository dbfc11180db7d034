import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import { openDiskFile } from './disk-file.ts';
import { copySparse } from './sparse-file.ts';
import { testFolder } from './testing.ts';

const MIB = 1024 * 1024;

test('parts lie at their sectors, all else is zero and takes no room, and the digest is that of the file', async () => {
  using folder = testFolder();
  const path = join(folder.path, 'disk');
  const file = join(folder.path, 'part');
  const content = Buffer.alloc(3 * MIB + 512);
  content.write('begin', 0);
  content.write('in the midst', 2 * MIB + 4096 * 3 + 17);
  content.write('end', content.length - 3);
  writeFileSync(file, content);
  await using disk = await openDiskFile(path, (64 * MIB) / 512);
  await disk.put([
    { startSector: 4096, file },
    { startSector: 0, bytes: Buffer.from('first') },
  ]);
  // As a tool does, which is told of the path alone.
  const tool = openSync(path, 'r+');
  writeSync(tool, 'by a tool', 40 * MIB + 100);
  closeSync(tool);
  await disk.takeIn({ startSector: (32 * MIB) / 512, sizeSectors: (24 * MIB) / 512 });
  await disk.put([{ startSector: (64 * MIB) / 512 - 1, bytes: Buffer.alloc(512, 0xee) }]);
  const digest = await disk.finish();
  const expected = Buffer.alloc(64 * MIB);
  expected.write('first');
  content.copy(expected, 2 * MIB);
  expected.write('by a tool', 40 * MIB + 100);
  expected.fill(0xee, 64 * MIB - 512);
  const written = readFileSync(path);
  assert.ok(written.equals(expected));
  assert.equal(digest, digestOfBytes(expected));
  const copy = join(folder.path, 'copy');
  await copySparse(path, copy);
  assert.ok(readFileSync(copy).equals(expected));
  for (const one of [path, copy]) {
    assert.ok(statSync(one).blocks * 512 <= 8 * 4096, `${statSync(one).blocks} blocks`);
    assert.equal(statSync(one).mode & 0o777, statSync(file).mode & 0o777);
  }
});

test('parts that overlap are an error', async () => {
  using folder = testFolder();
  await using disk = await openDiskFile(join(folder.path, 'disk'), 100);
  const parts = [
    { startSector: 0, bytes: Buffer.alloc(1024, 1) },
    { startSector: 1, bytes: Buffer.alloc(512, 2) },
  ];
  await assert.rejects(disk.put(parts), RangeError);
});
