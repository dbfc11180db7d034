import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOfBytes } from '#base';
import { layOut } from '#disk';
import { endOf } from './join-ranges.ts';
import { MIB } from './testing.ts';
import { plannedBytes, planWrites, type WritePlan } from './write-plan.ts';

const KIB = 1024;
const layout = layOut({ espSizeBytes: 64 * MIB, rootSizeBytes: 100 * MIB, seed: digestOfBytes('plan') });

const planOf = (driveBytes: number): WritePlan =>
  planWrites({
    layout,
    driveBytes,
    used: new Map([
      [
        'esp',
        [
          { offsetBytes: 0, lengthBytes: 1100 * KIB },
          { offsetBytes: 20 * MIB, lengthBytes: 5 * KIB },
          // So far behind it that the hole is written along, and then one so far that it is not.
          { offsetBytes: 20 * MIB + 72 * KIB, lengthBytes: 4 * KIB },
          { offsetBytes: 20 * MIB + 144 * KIB, lengthBytes: 4 * KIB },
        ],
      ],
      ['root', [{ offsetBytes: 0, lengthBytes: 8 * MIB }]],
    ]),
  });

describe('the plan of a drive', () => {
  it('is all that is in use, large and in order, with zeros at both ends', (t) => {
    const { head, tail, ranges, markers } = planOf(1000 * MIB);
    const words = ({ offsetBytes, lengthBytes }: (typeof ranges)[number] | typeof head) =>
      `${String(offsetBytes / KIB).padStart(8)} KiB + ${String(lengthBytes / KIB).padStart(6)} KiB`;
    const lines = [
      `${words(head)}  head`,
      `${words(tail)}  tail`,
      ...ranges.map((range) => `${words(range)}  ${range.from}`),
      ...markers.map((place) => `${String(place / KIB).padStart(8)} KiB  marker`),
    ];
    t.assert.fileSnapshot(lines.join('\n'), `${import.meta.dirname}/golden/write-plan.txt`, {
      serializers: [(text: string) => `${text}\n`],
    });
  });

  // Sizes that drives have: the last is no whole number of 4 KiB.
  for (const driveBytes of [layout.sizeSectors * 512, 8_053_063_680, 8_053_063_680 + 3 * 512]) {
    it(`covers what it must, once, on a drive of ${driveBytes} bytes`, () => {
      const plan = planOf(driveBytes);
      let end = 0;
      for (const range of plan.ranges) {
        assert.ok(range.offsetBytes >= end && range.lengthBytes > 0, JSON.stringify(range));
        assert.equal(range.offsetBytes % 4096, 0);
        end = endOf(range);
        assert.ok(end % 4096 === 0 || end === driveBytes);
      }
      assert.equal(end, driveBytes);
      assert.equal(endOf(plan.tail), driveBytes);
      assert.ok(plan.tail.offsetBytes % 4096 === 0 && plan.tail.offsetBytes <= driveBytes - 33 * 512);
      const first = plan.ranges[1];
      assert.ok(first?.from === 'image' && first.offsetBytes <= 34 * 512 && endOf(first) >= MIB + 4 * MIB);
      for (const place of plan.markers) {
        const isWritten = plan.ranges.some(
          (range) => range.offsetBytes < place + 4096 && place < endOf(range),
        );
        assert.ok(!isWritten && place % 4096 === 0 && place + 4096 <= driveBytes, `marker ${place}`);
      }
      assert.ok(plannedBytes(plan) < 32 * MIB);
    });
  }

  it('has a marker behind what a drive of each real size below has, and close to its end', () => {
    const gb64 = 64_000_000_000;
    const { markers } = planOf(gb64);
    for (const real of [2 ** 30, 2 ** 32, 2 ** 35, gb64 / 2, gb64 / 4, 4e9, 32e9]) {
      // So near that on a drive that wraps there it lies over the beginning, which is written whole.
      assert.ok(
        markers.some((place) => place >= real && place < real + 4 * MIB),
        `${real}`,
      );
    }
    assert.ok((markers.at(-1) ?? 0) > gb64 - 3 * MIB);
    assert.ok(markers.length < 32);
  });
});
