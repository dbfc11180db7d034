import type { HostPath } from '#base';
import type { Emit } from '#event';
import type { Seat } from '#jobserver';
import type { SandboxHost } from '#sandbox';
import type { Store } from '#store';
import type { BuildLimits } from './limits.ts';

/** What runs a build without deciding a byte of it: none of this has a road to its key. */
export type ExecutionOptions = {
  readonly store: Store;
  readonly host: SandboxHost;
  /** Compilers at once inside one build that has no seat. */
  readonly jobs: number;
  /** The build's place in the jobserver of all builds; it is left as soon as the last sandbox has ended. */
  readonly seat?: Seat;
  /** Whether the package's own tests run as well. Default: they do not. */
  readonly check?: boolean;
  /** logs/<stage>/<name>.log lies in this folder. */
  readonly logsFolder: HostPath;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  /** Default: those that are in nobody's way. */
  readonly limits?: BuildLimits;
  readonly sourceDateEpoch: number;
};
