import type { GuestCheck } from '../check.ts';
import { type ExpectedFacts, judgeFacts } from './facts.ts';

/** Where the scripts of `guest/` lie on the guest. */
export const GUEST_FOLDER = '/tmp/works';

/** One piece of real work: a script of `guest/`, what it needs, and what it must find out. */
export type Work = {
  readonly name: string;
  readonly script: string;
  /** Programs that not every profile has; without one of them the work is left out. */
  readonly needs?: readonly string[];
  /** Words for the script. */
  readonly words?: readonly string[];
  readonly expected: ExpectedFacts;
};

const WORK_TIME_LIMIT_MS = 240_000;

/** A work as a check. What the guest has decides whether it is done. */
export function checkOf({ name, script, needs = [], words = [], expected }: Work): GuestCheck {
  const lacks = `for p in ${needs.join(' ')}; do command -v "$p" > /dev/null || { echo "lacks $p"; exit 0; }; done`;
  const run = ['dash', `${GUEST_FOLDER}/${script}.sh`, ...words].join(' ');
  return {
    name,
    command: needs.length === 0 ? run : `${lacks}; ${run}`,
    timeLimitMs: WORK_TIME_LIMIT_MS,
    judge: (answer) => judgeFacts(answer, expected),
  };
}
