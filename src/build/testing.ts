import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestOfBytes, type HostPath, type Result, unwrap } from '#base';
import type { Event } from '#event';
import { type ActionSource, actionKey, type PlannedBuild } from '#plan';
import { SANDBOX_PATHS, X86_64 } from '#recipe';
import type { SandboxHost } from '#sandbox';
import { type ArtifactRecord, openStore, type Store } from '#store';
import { openEnclosure } from './enclosure.ts';
import { executeAction } from './execute-action.ts';
import type { Execution } from './execution.ts';
import type { ExecutionOptions } from './execution-options.ts';
import { openPreparedWorkplace } from './unpack-ahead.ts';

const IS_ROOT = process.getuid?.() === 0;

/** The kernel's overflow user (user_namespaces(7)) builds for root here; no user has to be made for a test. */
export const HOST: SandboxHost = {
  asRoot: IS_ROOT,
  user: IS_ROOT ? { uid: 65534, gid: 65534 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
  mountPoint: '/mnt',
  toolFolders: ['/etc/alternatives'],
};

/** Why toy builds cannot run here; false when they can. */
export function whyNoBuilds(): string | false {
  const rights = IS_ROOT ? [] : ['--user', '--map-root-user'];
  const tried = spawnSync('unshare', [...rights, '--mount', 'bwrap', '--version'], { encoding: 'utf8' });
  return tried.status === 0 ? false : `no namespaces or no bubblewrap here: ${tried.stderr}`;
}

export const EPOCH = 1735689600;

/** What differs from an empty build in the `cross` sandbox. */
export type Toy = Omit<Partial<PlannedBuild>, 'action'> & {
  /** Shell text by phase. */
  readonly phases?: Readonly<Record<string, string>>;
  readonly sources?: readonly ActionSource[];
  /** Texts by path below /build. */
  readonly files?: Readonly<Record<string, string>>;
};

/** A build of the stage `final` that needs no toolchain: it runs on the host's own programs. */
export function toy({ phases = {}, sources = [], files = {}, ...changes }: Toy): PlannedBuild {
  const name = changes.name ?? 'final/toy';
  const contents = Object.values(files).map((text) => new TextEncoder().encode(text));
  const exceptions = changes.exceptions ?? {};
  return {
    name,
    stage: 'final',
    recipe: 'toy',
    license: 'MIT',
    needs: [],
    declaredNeeds: [],
    replaces: [],
    check: undefined,
    contents: new Map(contents.map((bytes) => [digestOfBytes(bytes), bytes])),
    pins: [],
    ...changes,
    exceptions,
    action: {
      format: 1,
      build: name,
      version: '1',
      target: X86_64,
      sandbox: 'cross',
      hostTools: {},
      sources,
      files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, digestOfBytes(text)])),
      env: {
        PATH: '/usr/bin:/usr/sbin',
        OUT: SANDBOX_PATHS.out,
        LC_ALL: 'POSIX',
        SOURCE_DATE_EPOCH: String(EPOCH),
      },
      phases: Object.entries(phases).map(([phase, script]) => ({ name: phase, script })),
      exceptions,
    },
  };
}

/** A store and a logs folder of one test's own; gone with the scope. */
export type Bench = AsyncDisposable & {
  readonly folder: HostPath;
  readonly store: Store;
  readonly events: Event[];
  readonly options: ExecutionOptions;
  /** Executes a toy on top of the artifacts of what it needs. */
  build(
    planned: PlannedBuild,
    needs?: readonly Digest[],
    changes?: Partial<ExecutionOptions>,
  ): Promise<Result<ArtifactRecord>>;
};

export async function openBench(parent: HostPath = tmpdir()): Promise<Bench> {
  const folder = await mkdtemp(join(parent, 'build-test-'));
  const store = unwrap(await openStore(join(folder, 'store')));
  const events: Event[] = [];
  const options: ExecutionOptions = {
    store,
    host: HOST,
    jobs: 2,
    logsFolder: join(folder, 'logs'),
    emit: (event) => void events.push(event),
    sourceDateEpoch: EPOCH,
  };
  return {
    folder,
    store,
    events,
    options,
    build: (planned, needs = [], changes = {}) =>
      executeAction(planned, actionKey(planned.action, needs), needs, { ...options, ...changes }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A build before its first sandbox: a workplace, and an enclosure whose time has begun. */
export type Begun = AsyncDisposable & { readonly execution: Execution };

export async function beginBuild(planned: PlannedBuild, options: ExecutionOptions): Promise<Begun> {
  const place = await openPreparedWorkplace(planned, options);
  const log = await open(place.log, 'w');
  const enclosure = await openEnclosure(planned.name, place, options);
  return {
    execution: { build: planned.name, place, options, enclosure, logFd: log.fd },
    [Symbol.asyncDispose]: async () => {
      await enclosure[Symbol.asyncDispose]();
      await log.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** The problem of a result that must be one. */
export function problemIn(result: Result<unknown>) {
  if (result.ok) throw new Error('It succeeded.');
  return result.problem;
}
