import type { SharedAnswer } from './shared-answers.ts';

/** The line before which a person writes, and after which `--write` does. */
const MADE_BELOW = '# Made: question, and answer unless the package has one of its own.';

/** The answers that a site file gives, as shell words by question. */
export function readSiteFile(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^test -n "\$\{(\w+)\+set\}" \|\| \1=(.*)$/gm);
  return new Map([...lines].map(([, name = '', answer = '']) => [name, answer]));
}

/** The site file with other answers, and the same beginning. */
export function writeSiteFile(text: string, answers: readonly SharedAnswer[]): string {
  const at = text.indexOf(MADE_BELOW);
  if (at === -1) throw new Error(`The site file has no line "${MADE_BELOW}"`);
  const made = answers.map(({ name, answer }) => `test -n "\${${name}+set}" || ${name}=${answer}\n`);
  return `${text.slice(0, at)}${MADE_BELOW}\n${made.join('')}`;
}
