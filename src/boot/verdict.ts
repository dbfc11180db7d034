import type { HostPath, Problem } from '#base';
import type { CheckResult } from './check.ts';
import type { Accel, Bus, Firmware } from './machine.ts';

/** One figure of a test: how long something took. */
export type Timing = { readonly name: string; readonly durationMs: number };

/** What one scenario found. A problem means that it could not go on to its end. */
export type ScenarioResult = {
  readonly scenario: string;
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
  readonly timings: readonly Timing[];
  readonly problem?: Problem;
};

/** What became of an image under one firmware: plain data, complete in itself. */
export type Verdict = {
  readonly image: HostPath;
  readonly firmware: Firmware;
  readonly bus: Bus;
  readonly accel: Accel;
  readonly passed: boolean;
  readonly scenarios: readonly ScenarioResult[];
  /** All that the serial port said. */
  readonly log: HostPath;
};

/** The verdict for people: one line for each check and each figure. */
export function verdictLines(verdict: Verdict): readonly string[] {
  const heading = `${verdict.passed ? 'passed' : 'FAILED'}: ${verdict.image} under ${verdict.firmware}`;
  return [
    `${heading} (${verdict.bus}, ${verdict.accel})`,
    ...verdict.scenarios.flatMap(({ scenario, checks, timings, problem }) => [
      `  ${scenario}`,
      ...checks.map((check) => `    ${check.passed ? 'ok  ' : 'FAIL'} ${check.name}: ${check.detail}`),
      ...(problem === undefined ? [] : [`    FAIL ${problem.message}`]),
      ...timings.map(({ name, durationMs }) => `    time ${name}: ${(durationMs / 1000).toFixed(1)} s`),
    ]),
  ];
}

/** A bad verdict as the problem that ends the run; undefined for a good one. */
export function verdictProblem(verdict: Verdict): Problem | undefined {
  if (verdict.passed) return undefined;
  return {
    kind: 'boot-failed',
    subject: `${verdict.image} under ${verdict.firmware}`,
    message: 'The boot test failed.',
    place: verdict.log,
    hint: `See for yourself: blazeneuro boot ${verdict.image} --firmware ${verdict.firmware}`,
    details: verdict.scenarios.flatMap(({ checks, problem }) => [
      ...checks.filter((check) => !check.passed).map((check) => `${check.name}: ${check.detail}`),
      ...(problem === undefined ? [] : [problem.message, ...(problem.details ?? [])]),
    ]),
  };
}
