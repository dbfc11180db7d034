import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { digestOfBytes, type Result } from '#base';
import { type OpenImage, openImage } from './open-image.ts';
import { MIB, noise } from './testing.ts';
import { run, testFolder } from './testing-image.ts';

/** Content, a large hole, content, and an end that is no whole block. */
const BYTES = Buffer.concat([noise('one', MIB), Buffer.alloc(5 * MIB), noise('two', MIB + 700)]);

const PACKED: Readonly<Record<string, (folder: string) => Buffer>> = {
  zstd: () => zstdCompressSync(BYTES),
  'zstd by its own program': (folder) => packedBy(folder, 'zstd -q'),
  'zstd in many frames': () =>
    Buffer.concat(
      [0, 1, 2, 3, 4, 5, 6].map((at) =>
        zstdCompressSync(BYTES.subarray(at * MIB, (at === 6 ? 9 : at + 1) * MIB)),
      ),
    ),
  gzip: () => gzipSync(BYTES),
  'gzip in two members': () =>
    Buffer.concat([gzipSync(BYTES.subarray(0, MIB)), gzipSync(BYTES.subarray(MIB))]),
  xz: (folder) => packedBy(folder, 'xz'),
  'xz in many blocks': (folder) => packedBy(folder, 'xz -T2 --block-size=1MiB'),
};

describe('opening an image', () => {
  it('gives its bytes when it is not packed, whatever it is called', async () => {
    using folder = testFolder();
    const opened = await openBytes(folder.path, BYTES, 'image.zst');
    assert.ok(opened.ok);
    await using image = opened.value;
    assert.equal(image.digest, undefined);
    assert.deepEqual(await image.read(MIB - 5, 100), BYTES.subarray(MIB - 5, MIB + 95));
  });

  for (const [name, pack] of Object.entries(PACKED)) {
    it(`unpacks ${name}, whatever it is called, and leaves nothing behind`, async () => {
      using folder = testFolder();
      const opened = await openBytes(folder.path, pack(folder.path), 'image.img');
      assert.ok(opened.ok, JSON.stringify(opened));
      await using image = opened.value;
      assert.equal(image.sizeBytes, BYTES.length);
      assert.equal(image.digest, digestOfBytes(BYTES));
      assert.ok((await image.read(0, BYTES.length)).equals(BYTES));
      assert.deepEqual(readdirSync(join(folder.path, 'room')), []);
    });

    it(`says that ${name} is cut off, or damaged`, async () => {
      using folder = testFolder();
      const whole = pack(folder.path);
      const cut = [whole.length - 1, whole.length - 9, Math.floor(whole.length / 2), 20].map((end) =>
        whole.subarray(0, end),
      );
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 0x10, damaged.length >> 1);
      const more = name.includes('program') || name.startsWith('xz') ? [damaged] : [];
      for (const bytes of [...cut, ...more]) {
        const opened = await openBytes(folder.path, bytes, 'image.img');
        assert.ok(!opened.ok, `${bytes.length} of ${whole.length} bytes were taken`);
        assert.equal(opened.problem.kind, 'image-failed');
        assert.match(opened.problem.message, /damaged or cut off/);
      }
      assert.deepEqual(readdirSync(join(folder.path, 'room')), []);
    });
  }

  it('leaves holes where zeros were', async () => {
    using folder = testFolder();
    const opened = await openBytes(
      folder.path,
      zstdCompressSync(Buffer.concat([BYTES, Buffer.alloc(200 * MIB)])),
      'x',
    );
    assert.ok(opened.ok);
    await using image = opened.value;
    assert.equal(image.sizeBytes, BYTES.length + 200 * MIB);
    const fds = run(`for fd in /proc/${process.pid}/fd/*; do stat -Lc '%s %b' "$fd" || echo gone; done`);
    const [, blocks = '0'] = new RegExp(`^${image.sizeBytes} (\\d+)$`, 'm').exec(fds) ?? [];
    assert.ok(Number(blocks) > 0 && Number(blocks) * 512 < 4 * MIB, `${blocks} blocks`);
  });

  it('breaks off what comes to more than the drive holds', async () => {
    using folder = testFolder();
    const bomb = zstdCompressSync(Buffer.alloc(64 * MIB));
    const opened = await openBytes(folder.path, bomb, 'x', 32 * MIB);
    assert.ok(!opened.ok && opened.problem.kind === 'refused');
    assert.match(opened.problem.message, /more than 32\.0 MiB/);
  });

  it('says when there is no such image', async () => {
    const opened = await openImage('/nowhere/image', optionsOf('/tmp', MIB));
    assert.ok(!opened.ok && /There is no image/.test(opened.problem.message));
  });
});

function optionsOf(folder: string, largestBytes: number) {
  return { folder, largestBytes, emit: () => {}, signal: new AbortController().signal };
}

async function openBytes(
  folder: string,
  bytes: Buffer,
  name: string,
  largestBytes = 1024 * MIB,
): Promise<Result<OpenImage>> {
  run(`mkdir -p ${folder}/room`);
  writeFileSync(join(folder, name), bytes);
  return await openImage(join(folder, name), optionsOf(join(folder, 'room'), largestBytes));
}

function packedBy(folder: string, program: string): Buffer {
  writeFileSync(join(folder, 'plain'), BYTES);
  run(`${program} -c ${folder}/plain >${folder}/packed`);
  return readFileSync(join(folder, 'packed'));
}
