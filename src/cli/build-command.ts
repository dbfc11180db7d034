import { exitCodeOf, fail, ok, type Result } from '#base';
import type { RunSummary } from '#schedule';
import { clearStaging } from '#store';
import { checkBeforeBuild } from './check-before-build.ts';
import { makeImage } from './make-image.ts';
import { printPlan } from './plan-command.ts';
import { makePlan, runBuilds } from './run-builds.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { lockStore } from './store-lock.ts';

/** `build [TARGET…]`: everything up to the image, or the targets that are named. */
export function buildCommand(targets: readonly string[]): Handler {
  const goals = targets.length === 0 ? ['image'] : targets;
  return (session) => (session.flags.dryRun ? dryRun(session, goals) : build(session, goals));
}

async function build(session: Session, goals: readonly string[]): Promise<Result<number>> {
  // A slip in a name or a recipe is told at once, before anything is waited for or cleared away.
  const planned = await makePlan(session, goals);
  if (!planned.ok) return planned;
  const fit = await checkBeforeBuild(session);
  if (!fit.ok) return fit;
  const locked = await lockStore(session);
  if (!locked.ok) return locked;
  await using _lock = locked.value;
  await clearStaging(session.storeRoot);
  const run = await runBuilds(session, goals);
  if (!run.ok) return run;
  const { plan, summary } = run.value;
  const [problem] = summary.problems;
  // The event of the build that failed has told of it already.
  if (problem !== undefined) return ok(exitCodeOf(problem.kind));
  if (goals.includes('image')) {
    const image = await makeImage(session, plan, summary);
    if (!image.ok) return image;
  }
  return session.flags.check ? judgeChecks(summary) : ok(0);
}

/** Failed tests of a package keep nothing from being built, but the run did not pass. */
function judgeChecks({ records }: RunSummary): Result<number> {
  const failed = [...records.values()].filter(({ checkPassed }) => checkPassed === false);
  if (failed.length === 0) return ok(0);
  const names = failed.map(({ build: name }) => name).join(', ');
  return fail({
    kind: 'check-failed',
    subject: names,
    message: `Their own tests failed: ${names}`,
    hint: `Read what they said: blazeneuro log ${failed[0]?.build}`,
  });
}

async function dryRun(session: Session, goals: readonly string[]): Promise<Result<number>> {
  const plan = await makePlan(session, goals);
  if (!plan.ok) return plan;
  await printPlan(session, plan.value);
  return ok(0);
}
