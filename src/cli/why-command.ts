import { fail, ok } from '#base';
import type { BuildName, Plan } from '#plan';
import { type ArtifactRecord, readRecords } from '#store';
import { explain, type Past } from './explain.ts';
import { knownKeys } from './known-keys.ts';
import { makePlan } from './make-plan.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { inputsOf } from './why-changes.ts';
import { whyText } from './why-text.ts';

/** `why BUILD`: what decides its key, and which input of which build changed since its newest artifact. */
export function whyCommand(name: string): Handler {
  return async (session) => {
    const plan = await makePlan(session, [name]);
    if (!plan.ok) return plan;
    const planned = plan.value.builds.get(name);
    if (planned === undefined) {
      return fail({
        kind: 'unknown-target',
        subject: name,
        message: `${name} is not one build`,
        hint: 'Name one, such as final/grep',
      });
    }
    const states = await knownKeys(plan.value, session.store);
    const explanation = explain(planned, plan.value, states, await readPast(session, plan.value));
    const { json, verbose } = session.flags;
    process.stdout.write(
      json
        ? `${JSON.stringify({ type: 'why', ...explanation })}\n`
        : whyText(explanation, inputsOf(planned.action), verbose),
    );
    return ok(0);
  };
}

async function readPast({ store, storeRoot }: Session, plan: Plan): Promise<Past> {
  const last = new Map<BuildName, ArtifactRecord>();
  for (const build of plan.builds.keys()) {
    const record = await store.lastRecord(build);
    if (record !== undefined) last.set(build, record);
  }
  return { last, records: await readRecords(storeRoot) };
}
