import type { Shell } from './types.ts';

/**
 * Shell text, raw: a backslash stays a backslash. Common indentation is taken off.
 * A value that is put in may be text or a list of words.
 */
export function sh(strings: TemplateStringsArray, ...values: readonly (string | readonly string[])[]): Shell {
  const text = strings.raw.reduce((before, part, index) => {
    const value = values[index - 1];
    return before + (typeof value === 'string' ? value : (value ?? []).join(' ')) + part;
  });
  return dedent(text) as Shell;
}

/** Joins pieces of shell text, one after another; pieces that are absent are left out. */
export function joinShell(...pieces: readonly (string | undefined)[]): Shell {
  return pieces.filter((piece) => piece !== undefined && piece !== '').join('\n') as Shell;
}

function dedent(text: string): string {
  const lines = text
    .replace(/^\n/, '')
    .replace(/\n[ \t]*$/, '')
    .split('\n');
  const indents = lines
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const common = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(Math.min(common, line.length - line.trimStart().length))).join('\n');
}
