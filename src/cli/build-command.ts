import { ok, type Result } from '#base';
import { makePlan, runBuilds } from './run-builds.ts';
import type { Session } from './session.ts';

export async function buildCommand(session: Session, targets: readonly string[]): Promise<Result<number>> {
  const startedAtMs = Date.now();
  if (session.flags.dryRun) {
    const plan = await makePlan(session, targets);
    if (!plan.ok) return plan;
    for (const b of plan.value.builds.values()) process.stdout.write(`${b.name}: ${b.needs.join(' ')}\n`);
    return ok(0);
  }
  const run = await runBuilds(session, targets);
  if (!run.ok) return run;
  const { summary } = run.value;
  session.emit({
    type: 'finished', ok: summary.failed === 0, built: summary.built, reused: summary.reused, failed: summary.failed,
    wallMs: Date.now() - startedAtMs, cpuMs: summary.cpuMs,
  });
  return ok(summary.failed === 0 ? 0 : 1);
}
