import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Digest } from '#base';
import { fail } from '#base';
import type { Store } from '#store';
import { remainingPaths } from './priority.ts';
import type { Builder } from './schedule.ts';
import { type FakeBuilder, fakeBuilder, outcomesOf, planOf } from './testing.ts';

/** Builds everything that runs until nothing does. */
async function finishAll(fake: FakeBuilder): Promise<void> {
  await fake.settle();
  for (let name = fake.running()[0]; name !== undefined; name = fake.running()[0]) await fake.finish(name);
}

describe('which build is next', () => {
  it('one whose needs are all there, and no other', async () => {
    const fake = fakeBuilder();
    const run = fake.run(planOf({ a: [], b: ['a'], c: ['a', 'b'] }));
    await fake.settle();
    assert.deepEqual(fake.running(), ['a']);
    await fake.finish('a');
    assert.deepEqual(fake.running(), ['b']);
    await fake.finish('b');
    assert.deepEqual(fake.running(), ['c']);
    await fake.finish('c');
    assert.equal((await run).built, 3);
  });

  it('the one with the longest path behind it', async () => {
    const fake = fakeBuilder();
    const plan = planOf({ short: [], long: [], behind: ['long'], last: ['behind'] });
    const run = fake.run(plan, { parallel: 1, estimateMs: (name) => (name === 'short' ? 2 : 1) });
    await finishAll(fake);
    await run;
    // `behind` and `short` are 2 each: then the one that was there first.
    assert.deepEqual(fake.started, ['long', 'short', 'behind', 'last']);
  });

  it('never more at once than may be', async () => {
    const fake = fakeBuilder();
    const run = fake.run(planOf({ a: [], b: [], c: [], d: [] }), { parallel: 2 });
    await fake.settle();
    assert.deepEqual(fake.running(), ['a', 'b']);
    await fake.finish('b');
    assert.deepEqual(fake.running(), ['a', 'c']);
    await finishAll(fake);
    assert.equal((await run).built, 4);
  });

  it('none while another one runs, where they go one by one', async () => {
    const fake = fakeBuilder();
    const run = fake.run(planOf({ a: [], b: [], c: ['a'] }), { oneByOne: true });
    await fake.settle();
    assert.deepEqual(fake.running(), ['a']);
    await fake.finish('a');
    assert.equal(fake.running().length, 1);
    await finishAll(fake);
    assert.equal((await run).built, 3);
  });

  it('also one whose need ends while the store is asked for another', async () => {
    const fake = fakeBuilder();
    const plan = planOf({ a: [], b: [], behind: ['b'], known: ['a'] });
    const first = fake.run(plan);
    await finishAll(fake);
    const known = (await first).records.get('known');
    assert.ok(known !== undefined);
    let answer = () => {};
    const lookUp = async (key: Digest) => {
      if (key === known.key)
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      return fake.records.get(key);
    };
    const again = fake.run(plan, { store: { lookUp } as Store, mayReuse: ({ name }) => name === 'known' });
    await fake.settle();
    await fake.finish('a');
    await fake.finish('b');
    answer();
    await fake.settle();
    assert.deepEqual(fake.running(), ['behind']);
    await fake.finish('behind');
    const { built, reused, stopped } = await again;
    assert.deepEqual({ built, reused, stopped }, { built: 3, reused: 1, stopped: 0 });
  });

  it('another one as soon as one is only packed', async () => {
    const fake = fakeBuilder();
    const run = fake.run(planOf({ a: [], b: [], c: ['a'] }), { parallel: 1 });
    await fake.settle();
    assert.deepEqual(fake.running(), ['a']);
    await fake.finish('a');
    assert.deepEqual(fake.running(), ['b']);
    await fake.pack('b');
    assert.deepEqual(fake.running(), ['b', 'c']);
    await finishAll(fake);
    assert.equal((await run).built, 3);
  });

  it('not one that would take the seat of a better one which packing makes ready in a moment', async () => {
    const fake = fakeBuilder();
    const plan = planOf({ first: [], behind: ['first'], other: [], low: [] });
    const times: Readonly<Record<string, number>> = { first: 1, behind: 50, other: 40, low: 2 };
    const run = fake.run(plan, { parallel: 2, estimateMs: (name) => times[name] ?? 0 });
    await fake.settle();
    await fake.pack('first');
    assert.deepEqual(fake.running(), ['first', 'other']);
    await fake.finish('first');
    assert.deepEqual(fake.running(), ['other', 'behind']);
    await finishAll(fake);
    assert.equal((await run).built, 4);
  });

  it('the next one whose memory fits, in its turn again once there is room', async () => {
    const fake = fakeBuilder();
    const sizes: Readonly<Record<string, number>> = { first: 60, large: 50, small: 10 };
    const times: Readonly<Record<string, number>> = { first: 3, large: 2, small: 1 };
    const run = fake.run(planOf({ first: [], large: [], small: [] }), {
      estimateMs: (name) => times[name] ?? 0,
      memory: { budgetBytes: 100, expectedBytes: (name) => sizes[name] ?? 0 },
    });
    await fake.settle();
    assert.deepEqual(fake.running(), ['first', 'small']);
    await fake.finish('first');
    assert.deepEqual(fake.running(), ['small', 'large']);
    await finishAll(fake);
    assert.equal((await run).built, 3);
  });

  it('a path is as long as all that waits at its end', () => {
    const plan = planOf({ a: [], b: ['a'], c: ['a'], d: ['a', 'b'] });
    const times: Readonly<Record<string, number>> = { a: 1, b: 20, c: 300, d: 4000 };
    const paths = remainingPaths(plan, (name) => times[name] ?? 0);
    assert.deepEqual(Object.fromEntries(paths), { a: 4021, b: 4020, c: 300, d: 4000 });
  });
});

describe('what the store has', () => {
  it('is not built again', async () => {
    const fake = fakeBuilder();
    const plan = planOf({ a: [], b: ['a'] });
    const first = fake.run(plan);
    await finishAll(fake);
    await first;
    fake.events.length = 0;
    const summary = await fake.run(plan);
    assert.deepEqual([summary.built, summary.reused], [0, 2]);
    assert.deepEqual(outcomesOf(fake.events), ['a reused', 'b reused']);
    assert.equal(fake.started.length, 2);
  });

  it('that came out as before stops the rebuild there', async () => {
    const fake = fakeBuilder();
    const plan = planOf({ a: [], b: ['a'], c: ['b'] });
    const first = fake.run(plan);
    await finishAll(fake);
    await first;
    const again = fake.run(plan, { mayReuse: ({ name }) => name !== 'a' });
    await fake.settle();
    await fake.finish('a');
    assert.deepEqual(outcomesOf(fake.events).slice(-3), ['a built', 'b reused', 'c reused']);
    assert.equal((await again).reused, 2);
  });

  it('that came out different builds what needs it again', async () => {
    const fake = fakeBuilder();
    const plan = planOf({ a: [], b: ['a'], c: ['b'] });
    const first = fake.run(plan);
    await finishAll(fake);
    await first;
    const again = fake.run(plan, { mayReuse: ({ name }) => name !== 'a' });
    await fake.settle();
    await fake.finish('a', 'other bytes');
    assert.deepEqual(fake.running(), ['b']);
    // The same bytes from other needs: the change ends here.
    await fake.finish('b');
    assert.deepEqual(outcomesOf(fake.events).slice(-3), ['a built', 'b built', 'c reused']);
    await again;
  });
});

describe('after a failure', () => {
  const plan = planOf({ a: [], b: [], c: [], 'behind-a': ['a'], 'behind-b': ['b'] });

  it('nothing new starts, and what runs is finished', async () => {
    const fake = fakeBuilder();
    const run = fake.run(plan, { parallel: 2 });
    await fake.settle();
    await fake.fail('a');
    assert.deepEqual(fake.running(), ['b']);
    await fake.finish('b');
    const { built, failed, stopped, problems } = await run;
    assert.deepEqual([built, failed, stopped], [1, 1, 3]);
    assert.deepEqual(
      problems.map(({ subject }) => subject),
      ['a'],
    );
    assert.deepEqual(fake.started, ['a', 'b']);
    assert.deepEqual(outcomesOf(fake.events).slice(-3).sort(), [
      'behind-a stopped',
      'behind-b stopped',
      'c stopped',
    ]);
  });

  it('everything that does not need it still runs, when that is asked for', async () => {
    const fake = fakeBuilder();
    const run = fake.run(plan, { keepGoing: true });
    await fake.settle();
    await fake.fail('a');
    await finishAll(fake);
    const { built, failed, stopped } = await run;
    assert.deepEqual([built, failed, stopped], [3, 1, 1]);
    assert.ok(fake.started.includes('behind-b') && !fake.started.includes('behind-a'));
  });

  it('every build of the plan is told of once', async () => {
    const fake = fakeBuilder();
    const run = fake.run(plan, { parallel: 1 });
    await fake.settle();
    await fake.fail('a');
    await run;
    const told = outcomesOf(fake.events).map((line) => line.split(' ')[0]);
    assert.deepEqual(told.toSorted(), [...plan.builds.keys()].toSorted());
  });

  it('a slip in the builder itself is thrown, once what runs has ended', async () => {
    const fake = fakeBuilder();
    let endOther = () => {};
    const builder: Builder = async ({ name }, key) => {
      if (name === 'a') throw new Error('a bug');
      await new Promise<void>((resolve) => {
        endOther = resolve;
      });
      return fail({ kind: 'interrupted', subject: key, message: name });
    };
    const run = fake.run(plan, { builder, parallel: 2 });
    const ended = run.then(
      () => 'no bug',
      (error: unknown) => String(error),
    );
    await fake.settle();
    assert.equal(await Promise.race([ended, 'still runs']), 'still runs');
    endOther();
    assert.equal(await ended, 'Error: a bug');
  });
});

describe('a run that is stopped', () => {
  it('starts nothing more, and counts what was interrupted as stopped, not as failed', async () => {
    const fake = fakeBuilder();
    const stop = new AbortController();
    const run = fake.run(planOf({ a: [], b: ['a'], c: [] }), { parallel: 1, signal: stop.signal });
    await fake.settle();
    stop.abort();
    await fake.fail('a', 'interrupted');
    const { failed, problems, stopped } = await run;
    assert.deepEqual([failed, problems[0]?.kind, stopped], [0, 'interrupted', 2]);
    assert.deepEqual(outcomesOf(fake.events).toSorted(), ['a stopped', 'b stopped', 'c stopped']);
  });

  it('before it began builds nothing', async () => {
    const fake = fakeBuilder();
    const { stopped } = await fake.run(planOf({ a: [], b: [] }), { signal: AbortSignal.abort() });
    assert.equal(stopped, 2);
    assert.deepEqual(fake.started, []);
  });
});

it('an empty plan is done', async () => {
  const { built, problems } = await fakeBuilder().run(planOf({}));
  assert.deepEqual([built, problems], [0, []]);
});
