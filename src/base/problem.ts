/** Every kind of expected failure. `exitCodeOf` says how the program ends for each. */
export type ProblemKind =
  // Wrong usage, or files that people write.
  | 'wrong-usage'
  | 'unknown-profile'
  | 'unknown-target'
  | 'unknown-field'
  | 'bad-recipe'
  | 'bad-pin'
  | 'bad-profile'
  | 'unknown-need'
  | 'needs-in-a-circle'
  | 'path-conflict'
  | 'kernel-option-dropped'
  // The machine.
  | 'host-lacks'
  | 'no-space'
  | 'store-version'
  | 'store-busy'
  | 'store-unusable'
  | 'store-damaged'
  // Sources.
  | 'digest-mismatch'
  | 'bad-signature'
  | 'source-unavailable'
  | 'archive-refused'
  | 'source-unreadable'
  // Builds.
  | 'phase-failed'
  | 'time-limit'
  | 'memory-limit'
  | 'check-failed'
  | 'gate-failed'
  | 'output-not-allowed'
  | 'artifact-damaged'
  | 'image-failed'
  | 'boot-failed'
  | 'flash-failed'
  | 'file-system-damaged'
  | 'partition-table-damaged'
  | 'not-built'
  | 'interrupted'
  | 'refused';

/** An expected failure, as data: what, about whom, where, and what to do next. */
export type Problem = {
  readonly kind: ProblemKind;
  /** Whom it is about: a build, a pin, a file. */
  readonly subject: string;
  /** One sentence for people. */
  readonly message: string;
  /** `file:line`, or the path of a log. */
  readonly place?: string;
  /** What to do next. */
  readonly hint?: string;
  /** The last lines of a log, or the values that did not match. */
  readonly details?: readonly string[];
};

type ExitCode = 1 | 2 | 3 | 4 | 130;

/** A table, so that a new kind of problem cannot do without a decision. */
const EXIT_CODES: Readonly<Record<ProblemKind, ExitCode>> = {
  'wrong-usage': 2,
  'unknown-profile': 2,
  'unknown-target': 2,
  'unknown-field': 2,
  'bad-recipe': 2,
  'bad-pin': 2,
  'bad-profile': 2,
  'unknown-need': 2,
  'needs-in-a-circle': 2,
  'path-conflict': 1,
  'kernel-option-dropped': 1,
  'host-lacks': 3,
  'no-space': 3,
  'store-version': 3,
  'store-busy': 1,
  'store-unusable': 3,
  'store-damaged': 1,
  'digest-mismatch': 1,
  'bad-signature': 1,
  'source-unavailable': 1,
  'archive-refused': 1,
  'source-unreadable': 1,
  'phase-failed': 1,
  'time-limit': 1,
  'memory-limit': 1,
  'check-failed': 1,
  'gate-failed': 1,
  'output-not-allowed': 1,
  'artifact-damaged': 1,
  'image-failed': 1,
  'boot-failed': 1,
  'flash-failed': 1,
  'file-system-damaged': 1,
  'partition-table-damaged': 1,
  'not-built': 1,
  interrupted: 130,
  refused: 4,
};

/** The exit code of the program for a problem: the contract of the command line. */
export function exitCodeOf(kind: ProblemKind): ExitCode {
  return EXIT_CODES[kind];
}
