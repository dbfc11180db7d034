/** One thing that the host must have, and what it has. */
export type Finding = {
  readonly name: string;
  /** What was found, for people; absent when there is nothing. */
  readonly have?: string;
  /** What is needed, for people. */
  readonly want: string;
  readonly ok: boolean;
  /** The command, or the act, that mends it. */
  readonly hint?: string;
  /** The host package that mends it. */
  readonly package?: string;
};
