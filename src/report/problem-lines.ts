import { stripVTControlCharacters } from 'node:util';
import type { Problem } from '#base';
import { isErrorLine } from '#event';
import type { Ink } from './ink.ts';

/** A problem for people: what, where, the last lines, and what to do next. */
export function problemLines(problem: Problem, ink: Ink): readonly string[] {
  return [
    `${ink.bad('error:')} ${problem.message}`,
    ...(problem.place === undefined ? [] : [`  at ${problem.place}`]),
    ...(problem.details ?? []).map((line) => detailLine(line, ink)),
    ...hintLines(problem.hint),
  ];
}

/** What a program wrote must not steer the terminal of who reads it. A line that tells of an error stands out. */
function detailLine(line: string, ink: Ink): string {
  const harmless = stripVTControlCharacters(line).replaceAll(/[^\P{Cc}\t]/gu, '');
  return isErrorLine(harmless) ? `${ink.bad('  >')} ${harmless}` : ink.dim(`  | ${harmless}`);
}

/** A hint may be a list of several things to do, one a line. */
function hintLines(hint: string | undefined): readonly string[] {
  if (hint === undefined) return [];
  return hint.split('\n').map((line, at) => (at === 0 ? `  hint: ${line}` : `        ${line}`));
}
