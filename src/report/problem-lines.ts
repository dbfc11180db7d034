import type { Problem } from '#base';
import type { Ink } from './ink.ts';

/** A problem for people: what, where, the last lines, and what to do next. */
export function problemLines(problem: Problem, ink: Ink): readonly string[] {
  return [
    `${ink.bad('error:')} ${problem.message}`,
    ...(problem.place === undefined ? [] : [`  at ${problem.place}`]),
    ...(problem.details ?? []).map((line) => ink.dim(`  | ${line}`)),
    ...(problem.hint === undefined ? [] : [`  hint: ${problem.hint}`]),
  ];
}
