import type { OriginKind } from '#recipe';

/** The profile of a run that names none. */
export const DEFAULT_PROFILE = 'minimal';

/** The flags that every command takes, as the command line gave them. */
export type Flags = {
  readonly profile: string;
  readonly config: string | undefined;
  readonly jobs: number;
  readonly keepGoing: boolean;
  readonly oneByOne: boolean;
  readonly offline: boolean;
  /** Kinds of origins that may be used, in the order in which they are tried; absent for all. */
  readonly origins?: readonly OriginKind[] | undefined;
  readonly check: boolean;
  readonly rebuild: readonly string[];
  /** A file that gets the run as a trace. */
  readonly trace?: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
};
