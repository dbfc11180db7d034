import type { Digest, Problem } from '#base';

/** How a build of the plan ended. `stopped`: not run, because something it needs failed or the run was stopped. */
export type ActionOutcome = 'built' | 'reused' | 'failed' | 'stopped';

/** Everything that can happen, as plain JSON: the terminal, the log and other programs read the same lines. */
export type Event =
  | { readonly type: 'run-started'; readonly goals: readonly string[]; readonly builds: number }
  | { readonly type: 'action-started'; readonly build: string; readonly key: Digest; readonly log: string }
  | { readonly type: 'phase-started'; readonly build: string; readonly phase: string }
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
  | {
      readonly type: 'source-started';
      readonly name: string;
      readonly origin: string;
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
    }
  | {
      readonly type: 'origin-failed';
      readonly name: string;
      readonly origin: string;
      readonly reason: string;
    }
  /** A step of the image, of a boot test, of fetching: named for people. */
  | { readonly type: 'step-started'; readonly step: string }
  | {
      readonly type: 'step-finished';
      readonly step: string;
      readonly durationMs: number;
      readonly detail?: string;
    }
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly type: 'problem'; readonly problem: Problem }
  | {
      readonly type: 'image-finished';
      readonly image: string;
      readonly outcome: 'built' | 'reused';
      readonly digest: string;
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

/** Takes events, in order. Reporters are made of these; nothing that emits waits for them. */
export type Emit = (event: Event) => void;
