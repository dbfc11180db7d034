import type { Digest, Problem } from '#base';

/** How a build of the plan ended. `stopped`: not run, because something it needs failed or the run was stopped. */
export type ActionOutcome = 'built' | 'reused' | 'failed' | 'stopped';

/** A build of the plan as a run sees it before it starts. */
export type PlannedWork = {
  readonly build: string;
  /** What it waits for; what these need in turn is left out. */
  readonly needs: readonly string[];
  /** How long it takes, by earlier runs or shipped figures. */
  readonly estimateMs: number;
};

/** A build in the summary of a run. */
export type BuildTimes = {
  readonly build: string;
  readonly durationMs: number;
  readonly cpuMs: number;
};

/** A link of the chain of builds that decided how long a run took. */
export type CriticalStep = {
  readonly build: string;
  readonly durationMs: number;
  /** Between the end of what it needs and its own start. */
  readonly waitedMs: number;
};

/** Everything that can happen, as plain JSON: the terminal, the log and other programs read the same lines. */
export type Event =
  | { readonly type: 'run-started'; readonly goals: readonly string[]; readonly builds: number }
  /** All builds of the run, needs first, before the first of them starts. */
  | { readonly type: 'run-planned'; readonly jobs: number; readonly work: readonly PlannedWork[] }
  | { readonly type: 'action-started'; readonly build: string; readonly key: Digest; readonly log: string }
  | { readonly type: 'phase-started'; readonly build: string; readonly phase: string }
  | {
      readonly type: 'phase-finished';
      readonly build: string;
      readonly phase: string;
      readonly durationMs: number;
      readonly cpuMs: number;
    }
  | {
      readonly type: 'action-finished';
      readonly build: string;
      readonly outcome: ActionOutcome;
      readonly durationMs: number;
      readonly cpuMs: number;
      /** Absent when what it needs was not built, so that the key is not known. */
      readonly key?: Digest;
      readonly artifact?: Digest;
      readonly problem?: Problem;
    }
  | {
      readonly type: 'check-finished';
      readonly build: string;
      readonly passed: boolean;
      readonly log: string;
    }
  /** What the store does not hold, before the first of it is fetched; null where no pin knows the size. */
  | {
      readonly type: 'sources-planned';
      readonly sources: readonly { readonly name: string; readonly sizeBytes: number | null }[];
    }
  | {
      readonly type: 'source-started';
      readonly name: string;
      readonly origin: string;
      readonly sizeBytes: number | null;
    }
  /** A download goes on: a few a second for each, and none while nothing comes. */
  | {
      readonly type: 'source-progress';
      readonly name: string;
      readonly origin: string;
      /** Of the whole, with what an earlier run or origin gave. */
      readonly receivedBytes: number;
      readonly sizeBytes: number | null;
    }
  | {
      readonly type: 'source-finished';
      readonly name: string;
      readonly version: string;
      readonly origin: string;
      readonly outcome: 'fetched' | 'present';
      readonly sizeBytes: number;
      readonly durationMs: number;
      /** Who signed it for upstream, by the primary key; null when its digest alone vouches for it. */
      readonly signer: { readonly name: string; readonly fingerprint: string } | null;
    }
  | {
      readonly type: 'origin-failed';
      readonly name: string;
      readonly origin: string;
      readonly reason: string;
    }
  /** A step of the image, of a boot test, of fetching, of a drive that is written: named for people. */
  | { readonly type: 'step-started'; readonly step: string }
  | {
      readonly type: 'step-finished';
      readonly step: string;
      readonly durationMs: number;
      readonly detail?: string;
    }
  /** A step that moves bytes goes on: a few a second. */
  | {
      readonly type: 'step-progress';
      readonly step: string;
      readonly doneBytes: number;
      readonly sizeBytes: number;
    }
  /** What the run and all that it started used since the last such event. */
  | {
      readonly type: 'usage';
      /** CPU time by wall time: 1.9 of two cores. */
      readonly coresBusy: number;
      readonly memoryBytes: number;
    }
  /** Another run has the store. Who, as far as is known; `sinceMs` counts from 1970. */
  | {
      readonly type: 'store-waiting';
      readonly store: string;
      readonly holder?: { readonly pid: number; readonly command: string; readonly sinceMs: number };
    }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly type: 'problem'; readonly problem: Problem }
  | {
      readonly type: 'image-finished';
      readonly image: string;
      readonly outcome: 'built' | 'reused';
      readonly digest: string;
    }
  /** An image is on a drive, all of it was read back, and the drive boots. */
  | {
      readonly type: 'flash-finished';
      readonly image: string;
      readonly drive: string;
      readonly writtenBytes: number;
      readonly writeMs: number;
      readonly readMs: number;
      /** The drive's own; no other stick has it. */
      readonly diskGuid: string;
    }
  /** Of a run that built something: where its time went. */
  | {
      readonly type: 'summary';
      /** The builds that took longest, the longest first. */
      readonly slowest: readonly BuildTimes[];
      /** Time by phase over all builds, the longest first. */
      readonly phases: readonly {
        readonly phase: string;
        readonly durationMs: number;
        readonly cpuMs: number;
      }[];
      /** Which chain of needs ended last, the first build first. */
      readonly criticalPath: readonly CriticalStep[];
      /** CPU time by wall time and jobs, from the first start of a build to the last end: 1 is all busy. */
      readonly busyShare: number;
      readonly jobs: number;
    }
  | {
      readonly type: 'finished';
      readonly ok: boolean;
      readonly built: number;
      readonly reused: number;
      readonly failed: number;
      readonly wallMs: number;
      readonly cpuMs: number;
    };

/** An event as it is written down and shown: with the time, in milliseconds since 1970, that never goes back in a run. */
export type TimedEvent = Event & { readonly atMs: number };

/** Takes events, in order. Reporters are made of these; nothing that emits waits for them. */
export type Emit = (event: Event) => void;
