import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Jobserver } from '#jobserver';
import type { Plan } from '#plan';
import type { RunSummary, ScheduleOptions } from './schedule.ts';
import { type FakeBuilder, fakeBuilder, outcomesOf, planOf } from './testing.ts';

/** What is done ahead in a run: it ends when the test says so, or is thrown away. */
type FakeAhead = FakeBuilder & {
  readonly jobserver: Jobserver;
  readonly begun: string[];
  /** Builds that went on from what was done ahead. */
  readonly used: string[];
  readonly discarded: string[];
  end(name: string): Promise<void>;
  start(plan: Plan, changes?: Partial<ScheduleOptions>): Promise<RunSummary>;
};

function fakeAhead(tokens: number): FakeAhead {
  const fake = fakeBuilder();
  const jobserver = new Jobserver(tokens);
  const ends = new Map<string, () => void>();
  const [begun, used, discarded]: string[][] = [[], [], []];
  assert.ok(begun !== undefined && used !== undefined && discarded !== undefined);
  const prepareAhead: ScheduleOptions['prepareAhead'] = (planned) => {
    const { name } = planned;
    if (name.startsWith('bare')) return undefined;
    return () => {
      begun.push(name);
      return {
        ended: new Promise((resolve) => void ends.set(name, resolve)),
        build: (key, needs, seat) => {
          used.push(name);
          return fake.builder(planned, key, needs, seat);
        },
        discard: async () => {
          discarded.push(name);
          ends.get(name)?.();
        },
      };
    };
  };
  return {
    ...fake,
    jobserver,
    begun,
    used,
    discarded,
    end: async (name) => {
      ends.get(name)?.();
      await fake.settle();
    },
    start: (plan, changes = {}) => fake.run(plan, { jobserver, prepareAhead, ...changes }),
  };
}

describe('ahead of its turn', () => {
  it('something is done for the best build that waits, which then goes on in the same seat', async () => {
    const fake = fakeAhead(2);
    const run = fake.start(planOf({ first: [], second: ['first'], third: ['second'] }));
    await fake.settle();
    assert.deepEqual([fake.running(), fake.begun, fake.jobserver.free], [['first'], ['second'], 0]);
    await fake.finish('first');
    assert.deepEqual([fake.running(), fake.used], [['second'], ['second']]);
    // It has not ended, but is in the build's seat now; the other one is for the next.
    assert.deepEqual([fake.begun, fake.jobserver.seats], [['second', 'third'], 2]);
    await fake.end('second');
    assert.equal(fake.jobserver.seats, 2);
    await fake.end('third');
    assert.equal(fake.jobserver.seats, 1);
    await fake.finish('second');
    await fake.finish('third');
    assert.equal((await run).built, 3);
    assert.deepEqual([fake.used, fake.discarded, fake.jobserver.free], [['second', 'third'], [], 2]);
  });

  it('it is one build at a time, and no more than two of which something lies there', async () => {
    const fake = fakeAhead(4);
    const run = fake.start(planOf({ a: [], b: ['a'], c: ['b'], 'bare-d': ['c'], e: ['bare-d'] }));
    await fake.settle();
    assert.deepEqual(fake.begun, ['b']);
    await fake.end('b');
    assert.deepEqual(fake.begun, ['b', 'c']);
    await fake.end('c');
    assert.deepEqual([fake.begun, fake.jobserver.seats], [['b', 'c'], 1]);
    await fake.finish('a');
    assert.deepEqual(fake.begun, ['b', 'c', 'e']);
    for (const name of ['b', 'c', 'bare-d', 'e']) await fake.finish(name);
    assert.deepEqual([(await run).built, fake.used], [5, ['b', 'c', 'e']]);
  });

  it('it makes way for a build that finds no token', async () => {
    const fake = fakeAhead(3);
    const run = fake.start(planOf({ a: [], b: [], c: ['a'], d: ['a'], later: ['b'], last: ['later'] }));
    await fake.settle();
    assert.deepEqual([fake.running(), fake.begun], [['b', 'a'], ['later']]);
    await fake.finish('a');
    assert.deepEqual([fake.running(), fake.discarded], [['b', 'c', 'd'], ['later']]);
    for (const name of ['b', 'c', 'd', 'later', 'last']) await fake.finish(name);
    assert.deepEqual([(await run).built, fake.used.includes('later')], [6, false]);
  });

  it('nothing is done where builds go one by one, or without a token', async () => {
    for (const [tokens, changes] of [
      [2, { oneByOne: true }],
      [1, {}],
    ] as const) {
      const fake = fakeAhead(tokens);
      const run = fake.start(planOf({ first: [], second: ['first'] }), changes);
      await fake.settle();
      await fake.finish('first');
      await fake.finish('second');
      assert.deepEqual([(await run).built, fake.begun], [2, []]);
    }
  });
});

describe('what was done ahead', () => {
  it('is thrown away when the store turns out to have what its build makes', async () => {
    const fake = fakeAhead(2);
    const plan = planOf({ first: [], second: ['first'] });
    const before = fake.run(plan);
    await fake.settle();
    await fake.finish('first');
    await fake.finish('second');
    await before;
    const again = fake.start(plan, { mayReuse: ({ name }) => name !== 'first' });
    await fake.settle();
    assert.deepEqual(fake.begun, ['second']);
    await fake.finish('first');
    assert.equal((await again).reused, 1);
    assert.deepEqual([fake.discarded, fake.used, fake.jobserver.free], [['second'], [], 2]);
  });

  it('is gone before a run ends that fails or is stopped', async () => {
    for (const kind of ['phase-failed', 'interrupted'] as const) {
      const fake = fakeAhead(2);
      const stop = new AbortController();
      const run = fake.start(planOf({ first: [], second: ['first'] }), { signal: stop.signal });
      await fake.settle();
      if (kind === 'interrupted') stop.abort();
      await fake.fail('first', kind);
      await run;
      assert.deepEqual([fake.begun, fake.discarded, fake.jobserver.free], [['second'], ['second'], 2]);
      assert.deepEqual(outcomesOf(fake.events).includes('second stopped'), true);
    }
  });

  it('with a slip in it throws it', async () => {
    const fake = fakeAhead(2);
    const run = fake.start(planOf({ first: [], second: ['first'] }), {
      prepareAhead: () => () => ({
        ended: Promise.resolve(),
        build: () => Promise.reject(new Error('not its turn')),
        discard: () => Promise.reject(new Error('a bug')),
      }),
    });
    const ended = run.then(
      () => 'no bug',
      (error: unknown) => String(error),
    );
    await fake.settle();
    await fake.fail('first');
    assert.equal(await ended, 'Error: a bug');
  });
});
