import { exitCodeOf, fail, ok, type Result } from '#base';
import type { RunSummary } from '#schedule';
import { clearStaging } from '#store';
import { checkBeforeBuild } from './check-before-build.ts';
import { makeImage } from './make-image.ts';
import { printPlan } from './plan-command.ts';
import { makePlan, runBuilds } from './run-builds.ts';
import { type Handler, teeEvents } from './run-command.ts';
import type { Session } from './session.ts';
import { lockStore } from './store-lock.ts';

/** `build [TARGET…]`: everything up to the image, or the targets that are named. */
export function buildCommand(targets: readonly string[]): Handler {
  const goals = targets.length === 0 ? ['image'] : targets;
  return async (session) => {
    if (session.flags.dryRun) return dryRun(session, goals);
    return buildAndFinish({ ...session, emit: await teeEvents(session.emit) }, goals);
  };
}

async function buildAndFinish(session: Session, goals: readonly string[]): Promise<Result<number>> {
  const startedAtMs = Date.now();
  const done = await build(session, goals);
  const summary = done.ok ? done.value : undefined;
  session.emit({
    type: 'finished',
    ok: summary !== undefined && summary.failed === 0,
    built: summary?.built ?? 0,
    reused: summary?.reused ?? 0,
    failed: summary?.failed ?? 0,
    wallMs: Date.now() - startedAtMs,
    cpuMs: summary?.cpuMs ?? 0,
  });
  if (!done.ok) return done;
  const [problem] = done.value.problems;
  return ok(problem === undefined ? 0 : exitCodeOf(problem.kind));
}

async function build(session: Session, goals: readonly string[]): Promise<Result<RunSummary>> {
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
  if (!goals.includes('image') || summary.problems.length > 0) return ok(summary);
  const image = await makeImage(session, plan, summary);
  return image.ok ? ok(summary) : fail(image.problem);
}

async function dryRun(session: Session, goals: readonly string[]): Promise<Result<number>> {
  const plan = await makePlan(session, goals);
  if (!plan.ok) return plan;
  await printPlan(session, plan.value);
  return ok(0);
}
