import { type Digest, fail, ok, type Result } from '#base';
import { executeAction, type UnpackedAhead, unpackAhead, verdictOf } from '#build';
import { Jobserver, readMemoryBudget, type Seat } from '#jobserver';
import { type BuildName, buildsToRepeat, type Plan, type PlannedBuild } from '#plan';
import { checkLicences } from '#sbom';
import { type PrepareAhead, type RunSummary, schedule } from '#schedule';
import type { ArtifactRecord, CheckBeforeUse, Used } from '#store';
import { buildLimits } from './build-limits.ts';
import { checkRoom } from './check-before-build.ts';
import { checkWhatIsUsed, damagedWhenUsed } from './check-what-is-used.ts';
import { readEstimates, readMemoryEstimates } from './estimates.ts';
import { fetchForPlan } from './fetch-sources.ts';
import { shippedBuilds } from './image-parts.ts';
import { makePlan } from './make-plan.ts';
import { plannedWork } from './planned-work.ts';
import { type Session, sandboxHost } from './session.ts';
import { watchUsage } from './watch-usage.ts';

/** What came of a run that ended by itself. */
export type BuildsRun = { readonly plan: Plan; readonly summary: RunSummary };

/** Fetches what the plan needs and runs it: everything up to the image. What it uses is checked by content before. */
export async function runBuilds(
  session: Session,
  targets: readonly string[],
  check: CheckBeforeUse,
): Promise<Result<BuildsRun>> {
  const first = await makePlan(session, targets);
  if (!first.ok) return first;
  const licences = targets.includes('image')
    ? await checkShippedLicences(session, first.value)
    : ok(undefined);
  if (!licences.ok) return licences;
  const repeated = buildsToRepeat(first.value, session.flags.rebuild);
  if (!repeated.ok) return repeated;
  await checkWhatIsUsed(session, first.value, { targets, repeated: repeated.value, check });
  const room = await checkRoom(session, first.value);
  if (!room.ok) return room;
  const fetched = await fetchForPlan(session, first.value);
  if (!fetched.ok) return fetched;
  // What was fetched may be other bytes than what the first plan took for granted: another origin, other keys.
  const plan = await makePlan(session, targets);
  if (!plan.ok) return plan;
  const summary = await execute(session, plan.value, repeated.value, check);
  if (!summary.ok) return summary;
  return wasStopped(session, summary.value) ?? ok({ plan: plan.value, summary: summary.value });
}

/** Before anything is built for hours: the image's SBOM names the licence of every package. */
function checkShippedLicences({ project }: Session, { builds }: Plan): Promise<Result<void>> {
  const shipped = shippedBuilds(project.profile);
  return checkLicences([...builds.values()].filter(({ name }) => shipped.has(name)));
}

async function execute(
  session: Session,
  plan: Plan,
  repeated: ReadonlySet<BuildName>,
  check: CheckBeforeUse,
): Promise<Result<RunSummary>> {
  const host = await sandboxHost(session);
  if (!host.ok) return host;
  const limits = buildLimits(process.env);
  if (!limits.ok) return limits;
  const { store, logs: logsFolder, emit, signal, sourceDateEpoch, flags } = session;
  const checked = buildsToCheck(plan, flags.check);
  const estimateMs = await readEstimates(plan, store);
  emit({ type: 'run-started', goals: plan.goals, builds: plan.builds.size });
  emit({ type: 'run-planned', jobs: flags.jobs, work: plannedWork(plan, estimateMs) });
  using _usage = watchUsage(emit);
  const common = {
    ...{ store, host: host.value, jobs: flags.jobs, logsFolder, emit, signal, sourceDateEpoch },
    limits: limits.value,
  };
  const optionsFor = ({ name }: PlannedBuild) => ({ ...common, check: checked.has(name) });
  const build = async (
    planned: PlannedBuild,
    key: Digest,
    needs: readonly Digest[],
    { seat, ahead }: { readonly seat: Seat; readonly ahead?: UnpackedAhead },
  ): Promise<Result<ArtifactRecord>> => {
    const damaged = damagedWhenUsed(session, planned.name, await check(usedBy(planned, needs), signal));
    if (damaged === undefined)
      return executeAction(planned, key, needs, { ...optionsFor(planned), seat, ahead });
    await ahead?.discard();
    return damaged;
  };
  const prepareAhead: PrepareAhead = (planned) => {
    if (planned.action.sources.length === 0) return undefined;
    return () => {
      const ahead = unpackAhead(planned, optionsFor(planned));
      return { ...ahead, build: (key, needs, seat) => build(planned, key, needs, { seat, ahead }) };
    };
  };
  const summary = await schedule(plan, {
    store,
    builder: (planned, key, needs, seat) => build(planned, key, needs, { seat }),
    prepareAhead,
    jobserver: new Jobserver(flags.jobs),
    memory: { budgetBytes: await readMemoryBudget(), expectedBytes: await readMemoryEstimates(plan, store) },
    keepGoing: flags.keepGoing,
    oneByOne: flags.oneByOne,
    // Tests that passed need not pass again; the others are run, and for that the package is built.
    mayReuse: (planned, record) =>
      !repeated.has(planned.name) &&
      (!checked.has(planned.name) || verdictOf(planned, record)?.passed === true),
    estimateMs,
    emit,
    signal,
  });
  return ok(summary);
}

/** What a build reads of the store: most of it was checked before the run, but for what early cut-off brought in. */
function usedBy({ action }: PlannedBuild, needs: readonly Digest[]): Used {
  return { artifacts: needs, blobs: action.sources.map(({ digest }) => digest) };
}

/** Only what was asked for: the tests of all that it needs would take hours. */
function buildsToCheck(plan: Plan, isWanted: boolean): ReadonlySet<BuildName> {
  if (!isWanted) return new Set();
  return new Set(plan.goals.filter((name) => plan.builds.get(name)?.check !== undefined));
}

/** Also between two builds, where no build has a problem to tell of. */
function wasStopped({ signal }: Session, { problems, stopped }: RunSummary): Result<never> | undefined {
  const interrupted = problems.find(({ kind }) => kind === 'interrupted');
  if (interrupted !== undefined) return fail(interrupted);
  if (!signal.aborted || stopped === 0) return undefined;
  return fail({
    kind: 'interrupted',
    subject: 'build',
    message: `The run was interrupted; ${stopped} builds were left`,
    hint: 'Run the same command again: it goes on where it was',
  });
}
