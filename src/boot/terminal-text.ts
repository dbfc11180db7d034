/** ECMA-48 control sequences and the two-byte escapes; GRUB and OVMF draw with them on a serial line as well. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-Za-z]|[=>78cDEHMNOZ])/g;

/** An escape, or an end of line, of which more may come. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const UNFINISHED = /(?:\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|[()])?|\r+)$/;

/** Parts output as it arrives into what can be read now, and an end that must wait for what follows it. */
export function splitUnfinished(output: string): { readonly whole: string; readonly rest: string } {
  const end = output.search(UNFINISHED);
  return end < 0 ? { whole: output, rest: '' } : { whole: output.slice(0, end), rest: output.slice(end) };
}

/** Terminal output as plain text: escapes dropped, every end of line one newline. */
export function plainText(output: string): string {
  return output.replace(ESCAPES, '').replace(/\r+\n/g, '\n');
}

/** The last lines of a text that are not blank. */
export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}
