/** A sample of `npm run test:faults -- unpack`: see test/faults/unpack/run.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { archiveOf } from './unpack/archives.ts';
import { ATTACKS } from './unpack/attacks.ts';
import { openBench } from './unpack/bench.ts';
import { type TrialOptions, tryArchives, type Verdict } from './unpack/trial.ts';

const SAMPLED = 500;
const ALL = Array.from({ length: SAMPLED }, (_, number) => number);

function tryAll(numbers: readonly number[], options: Partial<TrialOptions> = {}): Verdict[] {
  using bench = openBench();
  return tryArchives(bench, numbers, { seed: 20_250_101, wholeEvery: 25, ...options });
}

describe('archives of strangers', () => {
  test('come out as from GNU tar when they are good, and not at all when they are evil', () => {
    const verdicts = tryAll(ALL);
    for (const { trial, refusal, faults } of verdicts) {
      assert.deepEqual(
        faults,
        [],
        `number ${trial.number}, ${trial.kind}, ${trial.attack}: ${refusal || 'taken'}`,
      );
    }
    const tried = verdicts.filter(({ trial }) => trial.kind === 'evil').map(({ trial }) => trial.attack);
    assert.ok(new Set(tried).size > Object.keys(ATTACKS).length * 0.9, `only ${new Set(tried).size} attacks`);
    const taken = verdicts.filter(({ refusal }) => refusal === '');
    assert.ok(taken.length > SAMPLED / 5, `only ${taken.length} were taken`);
    assert.ok(taken.some(({ trial }) => trial.kind === 'mangled'));
  });

  test('are the same for the same number and seed, and others for others', () => {
    const bytes = (number: number, seed: number) => archiveOf(number, seed, '/canary').bytes;
    assert.ok(bytes(7, 1).equals(bytes(7, 1)));
    assert.ok(!bytes(7, 1).equals(bytes(7, 2)));
    assert.ok(!bytes(7, 1).equals(bytes(8, 1)));
  });

  test('are found out where nobody judges them: what is looked for can be seen', () => {
    const faults = tryAll(ALL.slice(0, 150), {
      wholeEvery: 1000,
      judge: (read, write) => {
        const piece = Buffer.alloc(1 << 16);
        for (let count = read(piece); count > 0; count = read(piece)) write(piece.subarray(0, count));
        return undefined;
      },
    }).flatMap((verdict) => verdict.faults);
    for (const sign of [
      /^it is evil, and was not refused/,
      /^a link leads out: /,
      /^a special file or bit: /,
    ]) {
      assert.ok(
        faults.some((fault) => sign.test(fault)),
        String(sign),
      );
    }
  });
});
