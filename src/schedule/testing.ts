import { type Digest, digestOfBytes, fail, ok, type Problem, type Result } from '#base';
import type { Event } from '#event';
import { Jobserver, type Seat } from '#jobserver';
import type { Plan, PlannedBuild } from '#plan';
import type { ArtifactRecord, Store } from '#store';
import { type Builder, type RunSummary, type ScheduleOptions, schedule } from './schedule.ts';

/** A plan of builds with what each needs; written needs first. */
export function planOf(needs: Readonly<Record<string, readonly string[]>>): Plan {
  const builds = Object.entries(needs).map(([name, own]) => [name, plannedBuild(name, own)] as const);
  return { builds: new Map(builds), goals: Object.keys(needs) };
}

function plannedBuild(name: string, needs: readonly string[]): PlannedBuild {
  return {
    name,
    stage: 'final',
    recipe: name,
    license: 'MIT',
    needs,
    declaredNeeds: needs,
    replaces: [],
    exceptions: {},
    check: undefined,
    contents: new Map(),
    pins: [],
    action: {
      format: 1,
      build: name,
      version: '1',
      target: { cpu: 'x86_64', triplet: 'x', build: 'x', hardenedFlags: '', hardenedLinkFlags: '' },
      sandbox: 'chroot',
      hostTools: null,
      sources: [],
      files: {},
      env: {},
      phases: [],
      exceptions: {},
    },
  };
}

/** A builder whose builds end when the test says so, over a store that only knows keys. */
export type FakeBuilder = {
  readonly records: Map<Digest, ArtifactRecord>;
  readonly events: Event[];
  readonly builder: Builder;
  /** Every build that was started, in order. */
  readonly started: string[];
  /** Those that run now. */
  running(): readonly string[];
  /** Ends a running build: with an artifact of these bytes, or with a problem. */
  finish(name: string, bytes?: string): Promise<void>;
  fail(name: string, kind?: Problem['kind']): Promise<void>;
  /** Its sandbox has ended, and it is packed from now on. */
  pack(name: string): Promise<void>;
  run(plan: Plan, changes?: Partial<ScheduleOptions> & { readonly parallel?: number }): Promise<RunSummary>;
  /** Lets everything happen that can happen by itself. */
  settle(): Promise<void>;
};

export function fakeBuilder(): FakeBuilder {
  const records = new Map<Digest, ArtifactRecord>();
  const events: Event[] = [];
  const started: string[] = [];
  const ends = new Map<string, (result: Result<ArtifactRecord>) => void>();
  const keys = new Map<string, Digest>();
  const store = { lookUp: async (key: Digest) => records.get(key) } as Store;
  const seats = new Map<string, Seat>();
  const builder: Builder = ({ name }, key, _needs, seat) => {
    started.push(name);
    seats.set(name, seat);
    keys.set(name, key);
    return new Promise((resolve) => ends.set(name, resolve));
  };
  const end = async (name: string, result: Result<ArtifactRecord>) => {
    const resolve = ends.get(name);
    if (resolve === undefined) throw new Error(`${name} is not running; ${[...ends.keys()]} are.`);
    ends.delete(name);
    resolve(result);
    await settle();
  };
  return {
    records,
    events,
    builder,
    started,
    running: () => [...ends.keys()],
    finish: async (name, bytes = name) => {
      const key = keys.get(name) ?? digestOfBytes('');
      const artifact = digestOfBytes(bytes);
      const record = { key, build: name, artifact, durationMs: 1, cpuMs: 10, inputs: {} };
      records.set(key, record);
      await end(name, ok(record));
    },
    fail: (name, kind = 'phase-failed') =>
      end(name, fail({ kind, subject: name, message: `${name} failed` })),
    pack: async (name) => {
      seats.get(name)?.leave();
      await settle();
    },
    run: (plan, { parallel = 4, ...changes } = {}) =>
      schedule(plan, {
        store,
        builder,
        jobserver: new Jobserver(parallel),
        keepGoing: false,
        mayReuse: () => true,
        estimateMs: () => 1,
        emit: (event) => void events.push(event),
        ...changes,
      }),
    settle,
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** How each build ended, in the order in which they did. */
export function outcomesOf(events: readonly Event[]): string[] {
  return events.flatMap((event) =>
    event.type === 'action-finished' ? [`${event.build} ${event.outcome}`] : [],
  );
}
