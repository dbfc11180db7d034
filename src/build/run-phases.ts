import { chown, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '#base';
import type { PlannedBuild } from '#plan';
import { SANDBOX_PATHS } from '#recipe';
import type { Sandbox, SandboxLimits } from '#sandbox';
import { removeTree } from '#store';
import { openEnclosure } from './enclosure.ts';
import type { Execution } from './execution.ts';
import type { ExecutionOptions } from './execution-options.ts';
import { openToOwner } from './open-to-owner.ts';
import { foldersOf, type Part } from './part.ts';
import { JOBSERVER_FILE, phaseGroups, phasesOf } from './phases-script.ts';
import { type Ran, runPart, writeReplay } from './run-part.ts';
import { keepTestedCopy, makeTestedCopy, removeTestedCopy, testedCopy } from './tested-copy.ts';
import { testsEnvironment } from './tests-environment.ts';
import { unpackPart } from './unpack-part.ts';
import type { StackedWorkplace, Workplace } from './workplace.ts';

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
  return await runPart(part, { build: planned.name, place, options, enclosure, logFd: log.fd });
}

/** With `unpacked`, the sources are there already, and what unpacking said is the beginning of the log. */
type PhasesOptions = ExecutionOptions & { readonly unpacked?: Ran | undefined };

/**
 * Unpacks the sources and runs the phases, each in its sandbox, and leaves the build's seat.
 * Problems: a phase that failed, interruption.
 */
export async function runPhases(
  planned: PlannedBuild,
  place: StackedWorkplace,
  options: PhasesOptions,
): Promise<Result<Ran>> {
  try {
    const { unpacked } = options;
    await using log = await open(place.log, unpacked === undefined ? 'w' : 'a');
    await using enclosure = await openEnclosure(planned.name, place, options);
    await openJobserver(place, options);
    const parts = partsOf(planned, place, options, enclosure.sandboxLimits);
    const execution = { build: planned.name, place, options, enclosure, logFd: log.fd };
    // Awaited here, as above.
    return await runParts(parts, execution, unpacked ?? { cpuMs: 0, phases: {}, peakMemoryBytes: 0 });
  } finally {
    await closeJobserver(place, options);
    await removeTestedCopy(place);
  }
}

async function openJobserver({ work }: Workplace, { seat, host }: ExecutionOptions): Promise<void> {
  if (seat === undefined) return;
  const path = join(work, JOBSERVER_FILE);
  await seat.openFifo(path);
  if (host.asRoot) await chown(path, host.user.uid, host.user.gid);
}

/**
 * The fifo goes with the seat, or what the build put in its place: a replay in a kept workplace must not wait for
 * tokens that nobody gives.
 */
async function closeJobserver({ work }: Workplace, { seat }: ExecutionOptions): Promise<void> {
  if (seat === undefined) return;
  try {
    await openToOwner(work);
    await removeTree(join(work, JOBSERVER_FILE));
  } finally {
    seat.leave();
  }
}

async function runParts(parts: readonly Part[], execution: Execution, before: Ran): Promise<Result<Ran>> {
  let ran = before;
  for (const part of parts) {
    const one = await (part.isVerdict ? runTests(part, execution) : runPart(part, execution));
    if (!one.ok) return one;
    ran = {
      ...ran,
      ...one.value,
      cpuMs: ran.cpuMs + one.value.cpuMs,
      phases: { ...ran.phases, ...one.value.phases },
      peakMemoryBytes: Math.max(ran.peakMemoryBytes, one.value.peakMemoryBytes),
    };
  }
  const tests = parts.find(({ isVerdict }) => isVerdict);
  if (tests !== undefined && ran.checkPassed === false) await keepTests(tests, execution);
  return ok(ran);
}

/** Runs the package's own tests on their copy. Its room is free again as soon as nobody will want to look at it. */
async function runTests(part: Part, execution: Execution): Promise<Result<Ran>> {
  const copied = await makeTestedCopy(execution);
  if (!copied.ok) return copied;
  const ran = await runPart(part, execution);
  if (!ran.ok) await keepTests(part, execution);
  else if (ran.value.checkPassed !== false) await removeTestedCopy(execution.place);
  return ran;
}

/** What one wants to look at and run again is where the tests failed, and not what was installed after them. */
async function keepTests({ sandbox }: Part, execution: Execution): Promise<void> {
  await keepTestedCopy(execution.place);
  await writeReplay({ ...sandbox, ...foldersOf(execution.place) }, execution);
}

/**
 * First the host's tar, xz and patch unpack what was verified; then the phases run with what the build may see. The
 * package's own tests run on a copy, and are no root's, not even by number: many would try what only a real one can do.
 */
function partsOf(
  planned: PlannedBuild,
  place: StackedWorkplace,
  options: PhasesOptions,
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
