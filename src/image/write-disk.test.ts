import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import { testFolder } from './testing.ts';
import { writeDisk } from './write-disk.ts';

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
  const digest = await writeDisk(path, (64 * MIB) / 512, [
    { startSector: 4096, file },
    { startSector: 0, bytes: Buffer.from('first') },
    { startSector: (64 * MIB) / 512 - 1, bytes: Buffer.alloc(512, 0xee) },
  ]);
  const expected = Buffer.alloc(64 * MIB);
  expected.write('first');
  content.copy(expected, 2 * MIB);
  expected.fill(0xee, 64 * MIB - 512);
  const written = readFileSync(path);
  assert.ok(written.equals(expected));
  assert.equal(digest, digestOfBytes(expected));
  assert.ok(statSync(path).blocks * 512 <= 8 * 4096, `${statSync(path).blocks} blocks`);
});

test('parts that overlap are an error', async () => {
  using folder = testFolder();
  const parts = [
    { startSector: 0, bytes: Buffer.alloc(1024, 1) },
    { startSector: 1, bytes: Buffer.alloc(512, 2) },
  ];
  await assert.rejects(writeDisk(join(folder.path, 'disk'), 100, parts), RangeError);
});
