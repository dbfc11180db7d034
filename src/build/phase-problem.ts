import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath, Problem } from '#base';
import { describeOutcome, type ProgramResult, quoteWord } from '#process';
import type { Store } from '#store';
import { isDiskFull, noSpace } from './no-space.ts';
import { tellingLines } from './telling-lines.ts';
import { failedFolder, REPLAY_FILE, type Workplace } from './workplace.ts';

/** More of a log than this is not read to find what went wrong: logs are as large as builds are long. */
const READ_BYTES = 1 << 20;

/** The problem that a failed phase is: how it ended, the lines of its log that tell why, and all ways to go on. */
export async function phaseProblem(
  build: string,
  phase: string,
  result: ProgramResult,
  { log, root }: Workplace,
  store: Store,
): Promise<Problem> {
  const lines = tellingLines(await readEnd(log), phase);
  if (await isDiskFull(root, lines)) return noSpace(build, lines);
  const replay = join(await failedFolder(build, store), REPLAY_FILE);
  return {
    kind: 'phase-failed',
    subject: build,
    message: `${build} failed in its phase ${phase}: ${howItEnded(result)}`,
    place: log,
    details: lines,
    hint: [
      `Look around where it failed: blazeneuro shell ${build}`,
      `Run its phases there again: sh ${quoteWord(replay)}`,
      `Read all that it said: blazeneuro log ${build}`,
      `Once mended, build it: blazeneuro build ${build}`,
    ].join('\n'),
  };
}

async function readEnd(path: HostPath): Promise<string> {
  await using file = await open(path);
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.min(size, READ_BYTES));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
  return new TextDecoder().decode(bytes.subarray(0, bytesRead));
}

/** The exit code of a sandbox is that of the script in it; its own first program would only confuse. */
function howItEnded(result: ProgramResult): string {
  return result.outcome === 'exited' ? `exit code ${result.exitCode}` : describeOutcome(result);
}
