/** An argv as one line that a POSIX shell reads back as the same words: to replay a command by hand. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** One word, quoted for a POSIX shell only where it needs to be. */
export function quoteWord(word: string): string {
  // An assignment in front of a command would be taken as one, hence no `=` in a first bare word; quoting it is safe anywhere.
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
