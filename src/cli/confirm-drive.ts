import { createInterface } from 'node:readline';
import { fail, ok, type Result } from '#base';
import { describeLoss, tellingSerial, type WritableDrive, wordToType } from '#drive';
import { quoteWord } from '#process';
import type { Flags } from './flags.ts';
import { writeLine } from './open-reporter.ts';

/** Who confirms, and how. */
export type Confirmation = {
  readonly flags: Pick<Flags, 'yes'>;
  /** What `--serial` said. */
  readonly typedSerial: string | undefined;
  readonly signal: AbortSignal;
};

/** Shows what will be lost, and has somebody type the drive's serial; `--yes` with `--serial` has typed it before. */
export async function confirmDrive(
  drive: WritableDrive,
  { flags, typedSerial, signal }: Confirmation,
): Promise<Result<undefined>> {
  for (const line of describeLoss(drive)) writeLine(line);
  const word = wordToType(drive);
  if (flags.yes) {
    const isNamed = typedSerial !== undefined && typedSerial === tellingSerial(drive);
    return isNamed ? ok(undefined) : fail(yesAlone(drive, word));
  }
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return fail(nobodyToAsk(drive, word));
  const typed = await askLine(
    `To write it, type its ${word === drive.serial ? 'serial' : 'name'}, ${word}: `,
    signal,
  );
  return typed?.trim() === word ? ok(undefined) : fail(notConfirmed(drive, typed));
}

/** One line of the terminal; undefined when it is closed (Ctrl-D), or we are to stop. */
function askLine(question: string, signal: AbortSignal): Promise<string | undefined> {
  process.stderr.write(question);
  // Not as a terminal: then the terminal itself edits the line, and Ctrl-C reaches the program as everywhere else.
  const lines = createInterface({ input: process.stdin, terminal: false, signal });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}

function yesAlone({ path }: WritableDrive, word: string) {
  return {
    kind: 'refused' as const,
    subject: path,
    message: `${path} is not written: --yes needs the serial of the drive as well`,
    hint: howToName(path, word),
  };
}

function nobodyToAsk({ path }: WritableDrive, word: string) {
  return {
    kind: 'refused' as const,
    subject: path,
    message: `${path} is not written: there is no terminal on which it could be confirmed`,
    hint: howToName(path, word),
  };
}

/** A name like sdb tells nothing to a script that runs later. */
function howToName(path: string, word: string): string {
  return path.endsWith(`/${word}`)
    ? 'It has no serial that tells it from others: confirm it on a terminal'
    : `If this is the drive that is meant: --yes --serial ${quoteWord(word)}`;
}

function notConfirmed({ path }: WritableDrive, typed: string | undefined) {
  return {
    kind: 'refused' as const,
    subject: path,
    message: `${path} is not written: ${typed === undefined ? 'nothing was typed' : 'something else was typed'}`,
    hint: 'Nothing has been changed. Run the same command again to be asked again',
  };
}
