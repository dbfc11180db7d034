import { plainText } from '#base';
import { isErrorLine } from '#event';

/** The end of a log: what a person looks at first. */
const LAST_LINES = 20;

/** With several compilers at once, what went wrong first may be far above what make says last. */
const FIRST_ERRORS = 4;

/** A line of a log may be a whole file. */
const LONGEST_LINE = 400;

/** The lines of a log that tell why a phase failed: its first errors, and its last lines. */
export function tellingLines(log: string, phase: string): string[] {
  const lines = ofPhase(log.trimEnd(), phase).split('\n');
  const last = lines.slice(-LAST_LINES);
  const errors = lines.slice(0, -LAST_LINES).filter(isErrorLine).slice(0, FIRST_ERRORS);
  const told = errors.length === 0 ? last : [...errors, '…', ...last];
  return told.map((line) => plainText(line.slice(0, LONGEST_LINE)));
}

/** From the mark that the script of the phases writes where a phase begins; all of it when there is none. */
function ofPhase(log: string, phase: string): string {
  const mark = `==> ${phase}\n`;
  const at = log.lastIndexOf(`\n${mark}`);
  return at === -1 ? log : log.slice(at + 1 + mark.length);
}
