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
  // Sources.
  | 'digest-mismatch'
  | 'source-unavailable'
  // Builds.
  | 'phase-failed'
  | 'gate-failed'
  | 'output-not-allowed'
  | 'artifact-damaged'
  | 'image-failed'
  | 'boot-failed'
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

/** The exit code of the program for a problem: the contract of the command line. */
export function exitCodeOf(kind: ProblemKind): 1 | 2 | 3 | 4 | 130 {
  switch (kind) {
    case 'wrong-usage':
    case 'unknown-profile':
    case 'unknown-target':
    case 'unknown-field':
    case 'bad-recipe':
    case 'bad-pin':
    case 'bad-profile':
    case 'unknown-need':
    case 'needs-in-a-circle':
      return 2;
    case 'host-lacks':
    case 'no-space':
    case 'store-version':
      return 3;
    case 'refused':
      return 4;
    case 'interrupted':
      return 130;
    default:
      return 1;
  }
}
