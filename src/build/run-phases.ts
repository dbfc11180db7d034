import { chown, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Problem, type Result } from '#base';
import type { PlannedBuild } from '#plan';
import { quoteArgv, startProgram } from '#process';
import { SANDBOX_PATHS } from '#recipe';
import { type Sandbox, type SandboxHost, type SandboxLimits, sandboxArgv } from '#sandbox';
import { type Enclosure, openEnclosure } from './enclosure.ts';
import type { ExecutionOptions } from './execution-options.ts';
import { foldersOf, type Part } from './part.ts';
import { watchMemory } from './peak-memory.ts';
import { PhaseClock, type PhaseTimes } from './phase-clock.ts';
import { phaseProblem } from './phase-problem.ts';
import { JOBSERVER_FILE, phaseGroups, phasesOf, readVerdictLine } from './phases-script.ts';
import { scriptLines } from './script-lines.ts';
import { keepTestedCopy, makeTestedCopy, testedCopy } from './tested-copy.ts';
import { testsEnvironment } from './tests-environment.ts';
import { unpackPart } from './unpack-part.ts';
import { REPLAY_FILE, type StackedWorkplace, type Workplace } from './workplace.ts';

/** What came of the phases of a build. */
export type Ran = {
  readonly cpuMs: number;
  /** By the phase's name, in their order. */
  readonly phases: Readonly<Record<string, PhaseTimes>>;
  readonly peakMemoryBytes: number;
  /** The verdict of the package's own tests; absent when they were not run. */
  readonly checkPassed?: boolean;
};

/** Unpacks the sources in a sandbox of their own, and begins the build's log. Problems: as those of `runPhases`. */
export async function runUnpack(
  planned: PlannedBuild,
  place: Workplace,
  options: ExecutionOptions,
): Promise<Result<Ran>> {
  await using log = await open(place.log, 'w');
  await using enclosure = await openEnclosure(planned.name, place, options);
  const part = unpackPart(planned.action, place, options, enclosure.sandboxLimits);
  // Awaited here: log and enclosure end with this scope.
  return await runPart(part, planned.name, place, { ...options, enclosure, logFd: log.fd });
}

/**
 * Unpacks the sources and runs the phases, each in its sandbox, and leaves the build's seat. With `unpacked`, the
 * sources are there already, and what unpacking said is the beginning of the log.
 * Problems: a phase that failed, interruption.
 */
export async function runPhases(
  planned: PlannedBuild,
  place: StackedWorkplace,
  options: ExecutionOptions & { readonly unpacked?: Ran | undefined },
): Promise<Result<Ran>> {
  try {
    const { unpacked } = options;
    await using log = await open(place.log, unpacked === undefined ? 'w' : 'a');
    await using enclosure = await openEnclosure(planned.name, place, options);
    let ran: Ran = unpacked ?? { cpuMs: 0, phases: {}, peakMemoryBytes: 0 };
    await openJobserver(place, options);
    const parts = partsOf(planned, place, options, enclosure.sandboxLimits);
    for (const part of parts) {
      if (part.isVerdict) {
        const copied = await makeTestedCopy(planned.name, place, {
          host: options.host,
          timeLeftMs: enclosure.timeLeftMs(),
          signal: stoppedBy(options, enclosure),
        });
        if (!copied.ok) return options.signal?.aborted ? fail(interrupted(planned.name)) : copied;
      }
      const one = await runPart(part, planned.name, place, { ...options, enclosure, logFd: log.fd });
      if (!one.ok) {
        if (part.isVerdict) await keepTests(part.sandbox, place, options.host, enclosure.sandboxLimits);
        return one;
      }
      ran = {
        ...ran,
        ...one.value,
        cpuMs: ran.cpuMs + one.value.cpuMs,
        phases: { ...ran.phases, ...one.value.phases },
        peakMemoryBytes: Math.max(ran.peakMemoryBytes, one.value.peakMemoryBytes),
      };
    }
    const tests = parts.find(({ isVerdict }) => isVerdict);
    if (tests !== undefined && ran.checkPassed === false) {
      await keepTests(tests.sandbox, place, options.host, enclosure.sandboxLimits);
    }
    return ok(ran);
  } finally {
    // The fifo goes with it: a replay in a kept workplace must not wait for tokens that nobody gives.
    options.seat?.leave();
  }
}

async function openJobserver({ work }: Workplace, { seat, host }: ExecutionOptions): Promise<void> {
  if (seat === undefined) return;
  const path = join(work, JOBSERVER_FILE);
  await seat.openFifo(path);
  if (host.asRoot) await chown(path, host.user.uid, host.user.gid);
}

async function runPart(
  { sandbox, phases: expected }: Part,
  build: string,
  place: Workplace,
  options: ExecutionOptions & { readonly enclosure: Enclosure; readonly logFd: number },
): Promise<Result<Ran>> {
  const { enclosure, logFd, host } = options;
  await writeReplay(sandbox, place, host, enclosure.sandboxLimits);
  const program = startProgram({
    argv: sandboxArgv(sandbox, host),
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    stdout: 'pipe',
    stderr: { fd: logFd },
    extraFds: [logFd],
    // Bubblewrap dies with us by itself; this is for the moments before it runs.
    dieWithUs: true,
    timeLimitMs: enclosure.timeLeftMs(),
    signal: stoppedBy(options, enclosure),
  });
  const memory = program.pid === undefined ? undefined : watchMemory(program.pid);
  const said = await follow(scriptLines(program.stdout, expected), build, options);
  const result = await program.ended;
  const peakMemoryBytes = memory?.stop() ?? 0;
  if (!result.succeeded) {
    if (result.outcome === 'cancelled' && options.signal?.aborted === true) return fail(interrupted(build));
    const failed = await phaseProblem(build, said.lastPhase, result, place, options.store);
    const exceeded = await enclosure.exceeded(result, said.lastPhase);
    return fail(exceeded === undefined ? failed : { details: failed.details ?? [], ...exceeded });
  }
  const { cpuMs, phases, checkPassed } = said;
  return ok({ cpuMs, phases, peakMemoryBytes, ...(checkPassed === undefined ? {} : { checkPassed }) });
}

/** What one wants to look at and run again is where the tests failed, and not what was installed after them. */
async function keepTests(
  sandbox: Sandbox,
  place: Workplace,
  host: SandboxHost,
  limits: SandboxLimits,
): Promise<void> {
  await keepTestedCopy(place);
  await writeReplay({ ...sandbox, ...foldersOf(place) }, place, host, limits);
}

function stoppedBy({ signal }: ExecutionOptions, enclosure: Enclosure): AbortSignal {
  return signal === undefined ? enclosure.signal : AbortSignal.any([signal, enclosure.signal]);
}

/** The command line that was run, but for the control group, which ends with the build. */
async function writeReplay(
  sandbox: Sandbox,
  { root }: Workplace,
  host: SandboxHost,
  limits: SandboxLimits,
): Promise<void> {
  const { processes, fileBytes } = limits;
  const argv = sandboxArgv({ ...sandbox, limits: { processes, fileBytes } }, host);
  await writeFile(join(root, REPLAY_FILE), `#!/bin/sh\nexec 3>&2\nexec ${quoteArgv(argv)}\n`);
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

/**
 * First the host's tar, xz and patch unpack what was verified; then the phases run with what the build may see. The
 * package's own tests run on a copy, and are no root's, not even by number: many would try what only a real one can do.
 */
function partsOf(
  planned: PlannedBuild,
  place: StackedWorkplace,
  options: ExecutionOptions & { readonly unpacked?: Ran | undefined },
  limits: SandboxLimits,
): Part[] {
  const { action } = planned;
  const { jobs } = options;
  const sandbox: Sandbox = {
    ...foldersOf(place),
    limits,
    kind: action.sandbox,
    layerCount: place.layerCount,
    readOnly: [],
    env: { ...action.env, MAKEFLAGS: `-j${jobs}`, JOBS: String(jobs) },
    command: [],
  };
  const parts = phaseGroups(phasesOf(planned, options.check === true)).map((group): Part => {
    const command = ['bash', `${SANDBOX_PATHS.work}/${group.script}`];
    const phases = group.phases.map(({ name }) => name);
    if (!group.isVerdict) return { sandbox: { ...sandbox, command }, phases };
    return {
      sandbox: {
        ...sandbox,
        ...foldersOf(testedCopy(place)),
        command,
        env: testsEnvironment(sandbox.env),
        asOrdinaryUser: true,
      },
      phases,
      isVerdict: true,
    };
  });
  if (action.sources.length === 0 || options.unpacked !== undefined) return parts;
  return [unpackPart(action, place, options, limits), ...parts];
}

function interrupted(build: string): Problem {
  return {
    kind: 'interrupted',
    subject: build,
    message: `${build} was interrupted`,
    hint: 'Run the same command again: it goes on with this build',
  };
}
