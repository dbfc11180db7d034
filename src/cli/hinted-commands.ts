import type { Problem } from '#base';
import type { Event } from '#event';
import { quoteArgv } from '#process';
import { DEFAULT_PROFILE, type Flags } from './flags.ts';

/** The flags that decide what the name of a build means. */
type Chosen = Pick<Flags, 'config' | 'profile'>;

/**
 * The problem with a hint whose commands work for whoever gave these flags. Who makes a problem knows of no flags and
 * writes `blazeneuro shell final/grep`; with an overlay or another profile that build may not even be there.
 */
export function withChosenFlags(problem: Problem, chosen: Chosen): Problem {
  const { hint } = problem;
  const words = flagWords(chosen);
  if (hint === undefined || words.length === 0) return problem;
  return { ...problem, hint: hint.replaceAll(COMMAND, `$<program>${escapeReplacement(quoteArgv(words))} `) };
}

/** The event with its problem, if it tells of one, as `withChosenFlags` gives it. */
export function hintedEvent<One extends Event>(event: One, chosen: Chosen): One {
  if (!('problem' in event) || event.problem === undefined) return event;
  return { ...event, problem: withChosenFlags(event.problem, chosen) };
}

/** A command for whoever gave these flags. */
export function hintedCommand(words: readonly string[], chosen: Chosen): string {
  return quoteArgv(['blazeneuro', ...flagWords(chosen), ...words]);
}

/** The program's name with a word of a command behind it, and not the end of a path or the beginning of a file. */
const COMMAND = /(?<program>(?<![\w/.-])blazeneuro )(?=[a-z])/g;

function flagWords({ config, profile }: Chosen): readonly string[] {
  return [
    ...(config === undefined ? [] : ['--config', config]),
    ...(profile === DEFAULT_PROFILE ? [] : ['--profile', profile]),
  ];
}

/** `$` begins a pattern in a replacement (String.prototype.replaceAll). */
function escapeReplacement(text: string): string {
  return text.replaceAll('$', '$$$$');
}
