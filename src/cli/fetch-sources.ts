import { fail, ok, type Problem, type Result } from '#base';
import type { Plan } from '#plan';
import { type Bundle, type ChosenPin, fetchSources } from '#source';
import { originOrder } from './parse-origins.ts';
import type { Session } from './session.ts';

/** Sees to it that the store has every source the plan's missing builds take. */
export async function fetchForPlan(
  session: Session,
  plan: Plan,
): Promise<Result<ReadonlyMap<string, ChosenPin>>> {
  const names = new Set([...plan.builds.values()].flatMap((planned) => planned.pins));
  return fetchNames(session, [...names]);
}

/** Fetches sources by name, from a bundle before anything else. All problems are reported; the first is given back. */
export async function fetchNames(
  session: Session,
  names: readonly string[],
  bundle?: Bundle,
): Promise<Result<ReadonlyMap<string, ChosenPin>>> {
  const wanted = new Map(
    names.flatMap((name) => {
      const pins = session.project.pins.get(name);
      return pins === undefined ? [] : [[name, pins] as const];
    }),
  );
  const fetched = await fetchSources(wanted, session.store, {
    mirrors: session.project.mirrors,
    signatures: session.project.signatures,
    aptStateFolder: await session.store.stateFolder('apt'),
    emit: session.emit,
    signal: session.signal,
    order: originOrder(session.flags),
    tellsProgress: !session.flags.quiet,
    ...(bundle === undefined ? {} : { bundle }),
  });
  if (fetched.ok) return ok(fetched.value);
  const [first, ...others] = fetched.problems;
  if (first === undefined) throw new Error('Fetching failed without a problem');
  const also = others.map((problem: Problem) => problem.message);
  return fail(also.length === 0 ? first : { ...first, details: [...(first.details ?? []), ...also] });
}
