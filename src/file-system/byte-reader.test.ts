import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cachedReader } from './byte-reader.ts';
import { crc32c } from './crc32c.ts';
import { bytesReader, mergeRanges, partOf, patchedReader } from './index.ts';

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 256));

test('a part is read by offsets of its own, and nothing beside it', async () => {
  const part = partOf(bytesReader(bytes), { offsetBytes: 100, lengthBytes: 50 });
  assert.equal(part.sizeBytes, 50);
  assert.deepEqual(await part.read(49, 1), bytes.subarray(149, 150));
  assert.throws(() => part.read(49, 2), RangeError);
  assert.throws(() => part.read(-1, 2), RangeError);
  assert.throws(() => partOf(bytesReader(bytes), { offsetBytes: 990, lengthBytes: 11 }), RangeError);
});

test('patches lie over what is read, wherever the reading begins and ends', async () => {
  const patches = [
    { offsetBytes: 600, bytes: Buffer.from([9]) },
    { offsetBytes: 10, bytes: Buffer.from([1, 2, 3, 4]) },
    { offsetBytes: 14, bytes: Buffer.from([5, 6]) },
  ];
  const patched = patchedReader(bytesReader(bytes), patches);
  const expected = Buffer.from(bytes);
  for (const patch of patches) expected.set(patch.bytes, patch.offsetBytes);
  for (let begin = 0; begin < 30; begin += 1) {
    for (let length = 0; length < 30; length += 1) {
      assert.deepEqual(await patched.read(begin, length), expected.subarray(begin, begin + length));
    }
  }
  assert.deepEqual(await patched.read(0, 1000), expected);
});

test('a cache reads each chunk once, and forgets the one not used for longest', async () => {
  let reads = 0;
  const inner = bytesReader(bytes);
  const counted = {
    sizeBytes: 1000,
    read(offset: number, length: number) {
      reads += 1;
      return inner.read(offset, length);
    },
  };
  const cached = cachedReader(counted, 100, 2);
  for (const offset of [0, 50, 110, 99, 950]) {
    assert.deepEqual(await cached.read(offset, 1), bytes.subarray(offset, offset + 1));
  }
  assert.equal(reads, 3);
  await cached.read(150, 1);
  assert.equal(reads, 4);
  assert.deepEqual(await cached.read(90, 20), bytes.subarray(90, 110));
  await assert.rejects(() => cached.read(999, 2), RangeError);
});

test('ranges that touch or overlap are one, and empty ones none', () => {
  const range = (offsetBytes: number, lengthBytes: number) => ({ offsetBytes, lengthBytes });
  assert.deepEqual(mergeRanges([range(20, 5), range(0, 10), range(10, 2), range(21, 2), range(30, 0)]), [
    range(0, 12),
    range(20, 5),
  ]);
});

test('CRC-32C gives the value that RFC 3720 names, in one piece and in several', () => {
  // Appendix B.4: 32 bytes of zeros, of ones, and rising. The inversion at the end is the caller's there.
  const inverted = (crc: number) => (crc ^ 0xffffffff) >>> 0;
  const rising = Buffer.from(Array.from({ length: 32 }, (_, at) => at));
  assert.equal(inverted(crc32c(0xffffffff, Buffer.alloc(32))), 0x8a9136aa);
  assert.equal(inverted(crc32c(0xffffffff, Buffer.alloc(32, 0xff))), 0x62a8ab43);
  assert.equal(inverted(crc32c(0xffffffff, rising)), 0x46dd794e);
  assert.equal(inverted(crc32c(crc32c(0xffffffff, rising.subarray(0, 13)), rising.subarray(13))), 0x46dd794e);
});
