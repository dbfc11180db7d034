import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '#base';
import { quoteArgv, startProgram } from '#process';
import { type Sandbox, sandboxArgv } from '#sandbox';
import { type Execution, stoppedBy, whyFailed } from './execution.ts';
import type { ExecutionOptions } from './execution-options.ts';
import type { Part } from './part.ts';
import { watchMemory } from './peak-memory.ts';
import { PhaseClock, type PhaseTimes } from './phase-clock.ts';
import { readVerdictLine } from './phases-script.ts';
import { scriptLines } from './script-lines.ts';
import { REPLAY_FILE } from './workplace.ts';

/** What came of the phases of a build. */
export type Ran = {
  readonly cpuMs: number;
  /** By the phase's name, in their order. */
  readonly phases: Readonly<Record<string, PhaseTimes>>;
  readonly peakMemoryBytes: number;
  /** The verdict of the package's own tests; absent when they were not run. */
  readonly checkPassed?: boolean;
};

/** Runs one sandbox of a build to its end. Problems: a phase that failed, a limit, interruption. */
export async function runPart(
  { sandbox, phases: expected }: Part,
  execution: Execution,
): Promise<Result<Ran>> {
  const { build, options, enclosure, logFd } = execution;
  await writeReplay(sandbox, execution);
  const program = startProgram({
    argv: sandboxArgv(sandbox, options.host),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdout: 'pipe',
    stderr: { fd: logFd },
    extraFds: [logFd],
    // Bubblewrap dies with us by itself; this is for the moments before it runs.
    dieWithUs: true,
    timeLimitMs: enclosure.timeLeftMs(),
    signal: stoppedBy(execution),
  });
  const memory = program.pid === undefined ? undefined : watchMemory(program.pid);
  const said = await follow(scriptLines(program.stdout, expected), build, options);
  const result = await program.ended;
  const peakMemoryBytes = memory?.stop() ?? 0;
  if (!result.succeeded) return fail(await whyFailed(result, said.lastPhase, execution));
  const { cpuMs, phases, checkPassed } = said;
  return ok({ cpuMs, phases, peakMemoryBytes, ...(checkPassed === undefined ? {} : { checkPassed }) });
}

/** Writes the command line that runs a sandbox again, but for the control group, which ends with the build. */
export async function writeReplay(sandbox: Sandbox, { place, options, enclosure }: Execution): Promise<void> {
  const { processes, fileBytes } = enclosure.sandboxLimits;
  const argv = sandboxArgv({ ...sandbox, limits: { processes, fileBytes } }, options.host);
  await writeFile(join(place.root, REPLAY_FILE), `#!/bin/sh\nexec 3>&2\nexec ${quoteArgv(argv)}\n`);
}

/** Reads what the script of a sandbox says to its end, and tells of its phases. */
async function follow(lines: AsyncIterable<string>, build: string, { emit }: ExecutionOptions) {
  const phases: Record<string, PhaseTimes> = {};
  let checkPassed: boolean | undefined;
  const clock = new PhaseClock({
    begun: (phase) => emit({ type: 'phase-started', build, phase }),
    finished: (phase, times) => {
      phases[phase] = times;
      emit({ type: 'phase-finished', build, phase, durationMs: times.wallMs, cpuMs: times.cpuMs });
    },
  });
  for await (const line of lines) {
    clock.read(line);
    checkPassed ??= readVerdictLine(line);
  }
  return { cpuMs: clock.cpuMs, phases, checkPassed, lastPhase: clock.phase ?? 'sandbox' };
}
