import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import { readPhaseLine, readTimesLine, readVerdictLine } from './phases-script.ts';

/** The script's own lines are shorter than this. */
const LONGEST_LINE_BYTES = 200;

/** How far the clock of the script, which is ours, may be from when we read its line. */
const CLOCK_SLACK_MS = 60_000;

/**
 * The lines that a script said of its phases. What a phase is not handed it could still get hold of, from the shell
 * that runs it; so nothing is taken here that the script could not have said: phases in their order and once each, at
 * about this time, no more CPU time than there was, one verdict. The rest is read and dropped.
 */
export async function* scriptLines(stdout: Readable, phases: readonly string[]): AsyncGenerator<string> {
  const startedAtMs = Date.now();
  const expected = [...phases, 'done'];
  let verdicts = phases.includes('check') ? 1 : 0;
  for await (const line of shortLines(stdout)) {
    const begun = readPhaseLine(line);
    const spentMs = readTimesLine(line);
    if (begun !== undefined) {
      if (begun.phase !== expected[0] || Math.abs(begun.atMs - Date.now()) > CLOCK_SLACK_MS) continue;
      expected.shift();
      yield line;
    } else if (spentMs !== undefined) {
      const mostMs = (Date.now() - startedAtMs + CLOCK_SLACK_MS) * availableParallelism();
      if (spentMs <= mostMs) yield line;
    } else if (readVerdictLine(line) !== undefined && verdicts > 0) {
      verdicts -= 1;
      yield line;
    }
  }
}

/** Lines as they come. Of one without an end no more is kept than tells that it is too long. */
async function* shortLines(stdout: Readable): AsyncGenerator<string> {
  let rest = '';
  let isTooLong = false;
  for await (const piece of stdout.setEncoding('latin1')) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!isTooLong && line.length <= LONGEST_LINE_BYTES) yield line;
      isTooLong = false;
    }
    if (rest.length <= LONGEST_LINE_BYTES) continue;
    rest = '';
    isTooLong = true;
  }
}
