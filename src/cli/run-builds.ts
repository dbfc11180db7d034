import { fail, ok, type Result } from '#base';
import { executeAction } from '#build';
import { buildsToRepeat, type Plan, planBuilds } from '#plan';
import { type RunSummary, schedule } from '#schedule';
import { readEstimates } from './estimates.ts';
import { fetchForPlan } from './fetch-sources.ts';
import { planInputs, type Session, sandboxHost } from './session.ts';

/** The plan for targets, from what is chosen so far; nothing is fetched or built. */
export async function makePlan(session: Session, targets: readonly string[]): Promise<Result<Plan>> {
  const inputs = await planInputs(session);
  if (!inputs.ok) return inputs;
  const recipes = new Map(
    [...session.project.recipes].flatMap(([name, { recipe }]) =>
      recipe === undefined ? [] : [[name, recipe]],
    ),
  );
  return planBuilds(recipes, inputs.value, targets);
}

/** Fetches what the plan needs and runs it: everything up to the image. */
export async function runBuilds(
  session: Session,
  targets: readonly string[],
): Promise<Result<{ readonly plan: Plan; readonly summary: RunSummary }>> {
  const first = await makePlan(session, targets);
  if (!first.ok) return first;
  const repeated = buildsToRepeat(first.value, session.flags.rebuild);
  if (!repeated.ok) return repeated;
  const fetched = await fetchForPlan(session, first.value);
  if (!fetched.ok) return fetched;
  // What was fetched may be other bytes than what the first plan took for granted: another origin, other keys.
  const plan = await makePlan(session, targets);
  if (!plan.ok) return plan;
  const host = await sandboxHost(session);
  if (!host.ok) return host;
  session.emit({ type: 'run-started', goals: plan.value.goals, builds: plan.value.builds.size });
  const summary = await schedule(plan.value, {
    store: session.store,
    builder: (planned, key, needs) =>
      executeAction(planned, key, needs, {
        store: session.store,
        host: host.value,
        jobs: session.flags.jobs,
        logsFolder: session.logs,
        emit: session.emit,
        signal: session.signal,
        sourceDateEpoch: session.sourceDateEpoch,
      }),
    parallel: session.flags.jobs,
    keepGoing: session.flags.keepGoing,
    mayReuse: ({ name }) => !repeated.value.has(name),
    estimateMs: await readEstimates(plan.value, session.store),
    emit: session.emit,
    signal: session.signal,
  });
  const [problem] = summary.problems;
  return problem === undefined || summary.failed > 0 ? ok({ plan: plan.value, summary }) : fail(problem);
}
