/**
 * `npm run test:faults -- kill [--from N] [--count M] [--every S] [--results FILE] [--list]`: kills the program at
 * each of its calls that change something, and shows that the next run goes on from there. Points are numbered from
 * 0; `--every 10` takes each tenth of those chosen. Results are appended to FILE, one JSON line a point.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '../../rig.ts';
import { type Bench, openBench, type Scene } from './bench.ts';
import type { Point } from './points.ts';
import { tryPoint } from './trial.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: 'all' },
    every: { type: 'string', default: '1' },
    results: { type: 'string', default: join(PROJECT, 'out/faults/kill.jsonl') },
    list: { type: 'boolean', default: false },
  },
});

await using bench = await openBench(['fresh', 'grown', 'built']);
const all = bench.scenes.flatMap((scene) => scene.points.map((point) => ({ scene, point })));
const from = Number(values.from);
const to = values.count === 'all' ? all.length : from + Number(values.count);
const chosen = all
  .map((one, number) => ({ ...one, number }))
  .slice(from, to)
  .filter(({ number }) => (number - from) % Number(values.every) === 0);
console.log(`${all.length} points; ${chosen.length} of them are tried`);

if (values.list) {
  for (const { number, scene, point } of chosen) {
    console.log(`${number} ${scene.name} ${point.call} ${point.nth}: ${point.before}`);
  }
} else {
  await tryAll(bench, chosen);
}

type Numbered = { readonly number: number; readonly scene: Scene; readonly point: Point };

async function tryAll(onBench: Bench, points: readonly Numbered[]): Promise<void> {
  await mkdir(dirname(values.results), { recursive: true });
  const counts = { passed: 0, failed: 0, 'not-reached': 0 };
  for (const { number, scene, point } of points) {
    const startedAtMs = performance.now();
    const { outcome, faults } = await tryPoint(onBench, scene, point);
    counts[outcome] += 1;
    const durationMs = Math.round(performance.now() - startedAtMs);
    const line = { number, scene: scene.name, ...point, outcome, faults, durationMs };
    await appendFile(values.results, `${JSON.stringify(line)}\n`);
    if (outcome === 'passed') continue;
    console.log(`${outcome} ${number}: ${scene.name}, before ${point.call} ${point.nth}: ${point.before}`);
    for (const fault of faults) console.log(`    ${fault}`);
    if (outcome === 'failed') {
      console.log(`    again: npm run test:faults -- kill --from ${number} --count 1`);
    }
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts['not-reached']} not reached`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}
