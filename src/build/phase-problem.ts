import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath, Problem } from '#base';
import { describeOutcome, type ProgramResult, quoteWord } from '#process';
import { isRefusalLine } from '#source';
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
  // Only our own tools write to the log while sources are unpacked.
  const refusal = phase === 'unpack' ? lines.find(isRefusalLine) : undefined;
  if (refusal !== undefined) return archiveRefused(build, refusal, log);
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

/** The problem of an archive that is not safe to unpack. */
function archiveRefused(build: string, refusal: string, log: HostPath): Problem {
  const isLarge = /has more than \d+ bytes in it|has too many entries/.test(refusal);
  return {
    kind: 'archive-refused',
    subject: build,
    message: `${build} has no source. ${refusal}`,
    place: log,
    hint: isLarge
      ? 'If it only is large, give archives more room: BLAZENEURO_LIMITS="unpacked=16G entries=2000000"'
      : 'Its bytes are those of its pin, so it was made like this: pin another origin or version, and tell upstream',
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
