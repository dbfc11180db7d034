/** One line of a list that people write: its words, and where it stands. */
export type ListLine = { readonly line: number; readonly words: readonly string[] };

/** The lines of a list that say something: words between white space; `#` at the start of a line comments. */
export function listLines(text: string): ListLine[] {
  return text
    .split('\n')
    .map((content, index) => ({ line: index + 1, words: content.trim().split(/\s+/) }))
    .filter(({ words }) => words[0] !== '' && !words[0]?.startsWith('#'));
}
