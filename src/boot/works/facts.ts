import { failed, type Judgement, passed } from '../check.ts';
import type { GuestAnswer } from '../guest-shell.ts';

/** What a script of work must find out, by the names that it gives its facts. */
export type ExpectedFacts = Readonly<Record<string, string | RegExp>>;

/** How a script says that the system lacks a program that it needs. */
const LACKS = /^lacks (\S+)$/;

/** Judges what a script of work said: every fact that is expected, as it is expected, and no more. */
export function judgeFacts({ output, exitCode }: GuestAnswer, expected: ExpectedFacts): Judgement {
  const lacks = LACKS.exec(output.trim())?.[1];
  if (lacks !== undefined) return passed(`left out: there is no ${lacks}`);
  const facts = readFacts(output);
  if (facts.size === 0) return failed(`ended with ${exitCode}: ${otherWords(output)}`);
  const faults = Object.entries(expected).flatMap(([name, value]) => faultOf(name, facts.get(name), value));
  const unknown = [...facts.keys()].filter((name) => !(name in expected));
  faults.push(...unknown.map((name) => `${name}: nobody knows what it should be`));
  if (exitCode !== 0) faults.push(`ended with ${exitCode}: ${otherWords(output)}`);
  const leftOut = [...facts].filter(([, value]) => value === 'left out').map(([name]) => name);
  const rest = leftOut.length === 0 ? '' : `; left out: ${leftOut.join(', ')}`;
  return faults.length === 0 ? passed(`${facts.size} facts${rest}`) : failed(faults.join('; '));
}

function readFacts(output: string): ReadonlyMap<string, string> {
  const lines = output.split('\n').map((line) => line.split('\t'));
  return new Map(
    lines
      .filter(([kind]) => kind === 'fact')
      .map(([_kind, name = '', ...value]) => [name, value.join('\t').trim()]),
  );
}

function faultOf(name: string, found: string | undefined, expected: string | RegExp): readonly string[] {
  if (found === undefined) return [`${name}: not said`];
  const holds = typeof expected === 'string' ? found === expected : expected.test(found);
  return holds ? [] : [`${name}: ${found === '' ? 'nothing' : found}, not ${expected}`];
}

/** What a script said besides its facts, and last: there the reason stands. */
function otherWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('fact\t'));
  return lines.slice(-3).join(' / ') || 'without a word';
}
