import type { Problem } from '#base';
import type { Ink } from './ink.ts';

/** A problem for people: what, where, the last lines, and what to do next. */
export function problemLines(problem: Problem, ink: Ink): readonly string[] {
  return [
    `${ink.bad('error:')} ${problem.message}`,
    ...(problem.place === undefined ? [] : [`  at ${problem.place}`]),
    ...(problem.details ?? []).map((line) => ink.dim(`  | ${line}`)),
    ...hintLines(problem.hint),
  ];
}

/** A hint may be a list of several things to do, one a line. */
function hintLines(hint: string | undefined): readonly string[] {
  if (hint === undefined) return [];
  return hint.split('\n').map((line, at) => (at === 0 ? `  hint: ${line}` : `        ${line}`));
}
