/** A sample of `npm run test:faults -- sticks`: see test/faults/sticks/run.ts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hasImageTools } from '../../src/drive/testing-image.ts';
import { whyNoLoops } from '../../src/drive/testing-loops.ts';
import { whyNoLyingSticks } from './sticks/lying-stick.ts';
import { nameOf, POINTS, STICK_BYTES } from './sticks/points.ts';
import { type Bench, openBench, tryPoint } from './sticks/trial.ts';

const skip = whyNoLoops() || whyNoLyingSticks() || (hasImageTools() ? false : 'no tools for a sample image');

describe('the real program, when something goes wrong', { skip }, () => {
  let bench: Bench;
  before(() => {
    bench = openBench();
  });
  after(() => bench[Symbol.dispose]());

  const kinds = new Set(
    POINTS.map((point) => (point.by === 'stick' ? point.lie : `${point.call} ${point.error}`)),
  );
  for (const kind of kinds) {
    const all = POINTS.filter((point) => nameOf(point).startsWith(kind));
    const point = all[all.length >> 1];
    if (point === undefined) continue;
    test(`says so, and leaves a stick that does not boot: ${nameOf(point)}`, async () => {
      assert.deepEqual((await tryPoint(bench, point)).faults, []);
    });
  }

  test('is not misled by the way it is looked at: an honest stick is done', async () => {
    const { faults } = await tryPoint(bench, { by: 'stick', lie: 'none', at: STICK_BYTES });
    assert.match(String(faults), /exit code 0.*is done/s);
  });
});
