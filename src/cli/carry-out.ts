import { exitCodeOf, fail, ok, type Result } from '#base';
import type { Plan } from '#plan';
import type { RunSummary } from '#schedule';
import { type CheckBeforeUse, checkBeforeUse, clearStaging } from '#store';
import { checkBeforeBuild } from './check-before-build.ts';
import { makeImage } from './make-image.ts';
import { noteUse } from './note-use.ts';
import { runBuilds } from './run-builds.ts';
import type { Session } from './session.ts';
import { lockStore } from './store-lock.ts';

/** Does what a plan has left to do, with the store to itself: builds, and the image if it is a goal. The exit code. */
export async function carryOut(session: Session, goals: readonly string[]): Promise<Result<number>> {
  const locked = await lockStore(session);
  if (!locked.ok) return locked;
  await using _lock = locked.value;
  await clearStaging(session.storeRoot);
  const fit = await checkBeforeBuild(session);
  if (!fit.ok) return fit;
  const check = checkBeforeUse(session.storeRoot);
  const done = await buildAndAssemble(session, goals, check);
  // What was found damaged at the last moment is set aside by now, so that going on builds it anew.
  return isDamaged(done) && !session.signal.aborted ? buildAndAssemble(session, goals, check) : done;
}

async function buildAndAssemble(
  session: Session,
  goals: readonly string[],
  check: CheckBeforeUse,
): Promise<Result<number>> {
  const run = await runBuilds(session, goals, check);
  if (!run.ok) return run;
  const { plan, summary } = run.value;
  const [problem] = summary.problems;
  if (problem?.kind === 'artifact-damaged') return fail(problem);
  // The event of the build that failed has told of it already.
  if (problem !== undefined) return ok(exitCodeOf(problem.kind));
  if (goals.includes('image')) {
    const image = await makeImage(session, { plan, records: summary.records }, check);
    if (!image.ok) return image;
  }
  await noteUse(session, plan, goals, summary.records);
  return session.flags.check ? judgeChecks(plan, summary) : ok(0);
}

function isDamaged(done: Result<number>): boolean {
  return !done.ok && done.problem.kind === 'artifact-damaged';
}

/** Failed tests of a package keep nothing from being built, but the run did not pass. */
function judgeChecks({ goals }: Plan, { records }: RunSummary): Result<number> {
  const failed = goals.filter((name) => records.get(name)?.checkPassed === false);
  if (failed.length === 0) return ok(0);
  const names = failed.join(', ');
  return fail({
    kind: 'check-failed',
    subject: names,
    message: `Their own tests failed: ${names}`,
    hint: [
      `Read what they said: blazeneuro log ${failed[0]}`,
      `Look around where they ran: blazeneuro shell ${failed[0]}`,
    ].join('\n'),
  });
}
