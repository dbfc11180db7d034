import { ok } from '#base';
import type { Plan } from '#plan';
import { knownKeys } from './known-keys.ts';
import { makePlan } from './make-plan.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';

/** `plan [TARGET]`: the graph, without building: text, JSON lines, or Graphviz. */
export function planCommand(targets: readonly string[], dot: boolean): Handler {
  return async (session) => {
    const plan = await makePlan(session, targets.length === 0 ? ['image'] : targets);
    if (!plan.ok) return plan;
    if (dot) process.stdout.write(dotGraph(plan.value));
    else await printPlan(session, plan.value);
    return ok(0);
  };
}

/** One line a build, in an order in which they can be built. */
export async function printPlan(session: Session, plan: Plan): Promise<void> {
  const states = await knownKeys(plan, session.store);
  for (const [name, planned] of plan.builds) {
    const state = states.get(name);
    const { declaredNeeds, needs, action } = planned;
    const present = state?.record !== undefined;
    const line = session.flags.json
      ? JSON.stringify({
          type: 'planned',
          build: name,
          key: state?.key ?? null,
          present,
          version: action.version,
          needs,
        })
      : `${present ? 'present' : 'to do  '}  ${name} ${action.version}${declaredNeeds.length > 0 ? `  (${declaredNeeds.join(' ')})` : ''}`;
    process.stdout.write(`${line}\n`);
  }
}

function dotGraph(plan: Plan): string {
  const edges = [...plan.builds].flatMap(([name, planned]) =>
    planned.declaredNeeds.map((need) => `  "${name}" -> "${need}";\n`),
  );
  const nodes = [...plan.builds.keys()].map((name) => `  "${name}";\n`);
  return `digraph plan {\n  rankdir=LR;\n${nodes.join('')}${edges.join('')}}\n`;
}
