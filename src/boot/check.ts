import type { GuestAnswer } from './guest-shell.ts';

/** What a judge says: passed, and why in one line. */
export type Judgement = { readonly passed: boolean; readonly detail: string };

/** What a check may know about the stick it looks at. */
export type Expectations = {
  readonly hostname: string;
  readonly userName: string;
  /** The digest of the init that was built, where it is known. */
  readonly initSha256?: string;
};

/** One thing that must hold on a running guest: a command, and a pure function that judges its answer. */
export type GuestCheck = {
  readonly name: string;
  readonly command: string;
  /** For what takes longer than a question. */
  readonly timeLimitMs?: number;
  readonly judge: (answer: GuestAnswer, expected: Expectations) => Judgement;
};

/** How one check ended, with what it is judged by. */
export type CheckResult = Judgement & {
  readonly name: string;
  readonly command?: string;
  readonly output?: string;
};

export function passed(detail: string): Judgement {
  return { passed: true, detail };
}

export function failed(detail: string): Judgement {
  return { passed: false, detail };
}

/** Parts of an answer that were marked with lines `== name`, by name. */
export function splitParts(output: string): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of output.split('\n')) {
    const name = /^== (.+)$/.exec(line)?.[1];
    if (name !== undefined) {
      current = [];
      parts.set(name, current);
    } else if (line.trim() !== '') current.push(line);
  }
  return parts;
}
