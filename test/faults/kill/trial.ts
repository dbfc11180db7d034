import type { Bench, Scene } from './bench.ts';
import { endingsIn } from './endings.ts';
import { leftovers } from './leftovers.ts';
import type { Point } from './points.ts';
import { BUILD, type Ended, run, runKilledAt } from './program.ts';
import { differences, snapshot } from './snapshot.ts';

/** What came of one kill. A run that ended before it came to the point shows nothing. */
export type Verdict = {
  readonly outcome: 'passed' | 'failed' | 'not-reached';
  /** What is not as it should be. */
  readonly faults: readonly string[];
};

/** Kills a run at a point, lets the next one go on from there, and compares with a run that nobody killed. */
export async function tryPoint(bench: Bench, scene: Scene, point: Point): Promise<Verdict> {
  await bench.reset(scene.name);
  const killed = await runKilledAt(bench.place, scene.command, point);
  if (killed.signal !== 'SIGKILL') {
    if (killed.exitCode === 0) return { outcome: 'not-reached', faults: [] };
    return judged([`the run ended with ${killed.exitCode ?? killed.signal}: ${killed.stderr}`]);
  }
  const left = await leftovers(bench.root);
  const resumed = await run(bench.place, BUILD);
  const verified = await run(bench.place, ['store', 'verify']);
  return judged([
    ...left.map((what) => `left by the killed run: ${what}`),
    ...judgeResumed(killed, resumed, scene),
    ...(verified.exitCode === 0 ? [] : [`store verify ended with ${verified.exitCode}: ${verified.stderr}`]),
    ...differences(await snapshot(bench.place.folder), scene.expected).filter(
      (what) => !mayBeLeft(what, scene, resumed),
    ),
    ...(await leftovers(bench.root)).map((what) => `left by the next run: ${what}`),
  ]);
}

/** The next run comes to the same digests, and does nothing again that the killed one had finished. */
function judgeResumed(killed: Ended, resumed: Ended, { expectedEvents }: Scene): string[] {
  if (resumed.exitCode !== 0) return [`the next run ended with ${resumed.exitCode}: ${resumed.stderr}`];
  const after = endingsIn(resumed.events);
  const finished = [...endingsIn(killed.events)].filter(([, { outcome }]) => outcome === 'built');
  const again = finished.filter(([name]) => after.get(name)?.outcome !== 'reused');
  const other = [...endingsIn(expectedEvents)].filter(
    ([name, { digest }]) => after.get(name)?.digest !== digest,
  );
  return [
    ...again.map(([name]) => `${name} was finished, and ${after.get(name)?.outcome} by the next run`),
    ...other.map(([name, { digest }]) => `${name} gave ${after.get(name)?.digest} instead of ${digest}`),
  ];
}

/**
 * A collection that was killed has not removed all, and no build does that in its place. A source that it did remove is
 * fetched again only when the build that takes it has gone as well.
 */
function mayBeLeft(what: string, { command }: Scene, resumed: Ended): boolean {
  if (hadNothingToDo(resumed) && LEFT_FOR_LATER.test(what)) return true;
  return command !== BUILD && LEFT_BY_COLLECTION.test(what);
}

/** Such a run takes no lock, so it may clear nothing away: the next one that builds does. */
function hadNothingToDo({ events }: Ended): boolean {
  return [...endingsIn(events).values()].every(({ outcome }) => outcome === 'reused');
}

const LEFT_BY_COLLECTION = /^(?:extra: store\/(?!staging\/)|missing: store\/(?:blobs\/|state\/apt$))/;

const LEFT_FOR_LATER = /^extra: store\/(?:staging\/|.*\.new$)/;

function judged(faults: readonly string[]): Verdict {
  return { outcome: faults.length === 0 ? 'passed' : 'failed', faults };
}
