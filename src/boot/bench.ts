import { type HostPath, type Problem, unwrap } from '#base';
import type { CheckResult, Expectations, GuestCheck } from './check.ts';
import type { GuestShell } from './guest-shell.ts';
import type { Network, SecondDrive } from './machine.ts';
import type { ThrowAwayStick } from './throw-away-stick.ts';
import type { Timing } from './verdict.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** A scenario: what is done to a stick and its machine, and what must be found. It goes on while it can. */
export type Scenario = {
  readonly name: string;
  /** What keeps it from going on is thrown as a `ProblemError`, by `unwrap`. */
  readonly run: (bench: Bench) => Promise<void>;
};

/** What is put into a machine, where it is not the stick of the bench alone. */
export type Inserted = {
  readonly stick?: ThrowAwayStick;
  readonly secondDrive?: SecondDrive;
  readonly network?: Network;
};

/** The place where one scenario runs: its own copy of the image, a machine to put it into, and the record. */
export type Bench = {
  readonly stick: ThrowAwayStick;
  readonly env: Readonly<Record<string, string>>;
  /** A folder that is gone when the scenario is over. */
  readonly folder: HostPath;
  /** Switches the machine on: with the bench's stick or the one that is named, a second drive, and a network card. */
  switchOn(inserted?: Inserted): VirtualMachine;
  /** A step for people to follow; its time is kept. */
  step<Value>(name: string, act: () => Promise<Value>): Promise<Value>;
  record(check: CheckResult): void;
  time(timing: Timing): void;
};

/** What a bench wrote down. */
export type BenchRecord = {
  readonly checks: CheckResult[];
  readonly timings: Timing[];
  problem?: Problem;
};

/** Asks the guest for each check, and records what the judges say. */
export async function judgeGuest(
  bench: Bench,
  shell: GuestShell,
  checks: readonly GuestCheck[],
  expected: Expectations,
): Promise<void> {
  for (const { name, command, timeLimitMs, judge } of checks) {
    const answer = unwrap(await shell.run(command, timeLimitMs === undefined ? {} : { timeLimitMs }));
    bench.record({ name, command, output: answer.output, ...judge(answer, expected) });
  }
}
