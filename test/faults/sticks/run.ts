/**
 * `npm run test:faults -- sticks [--from N] [--count M] [--list] [--results FILE]`: the real program flashes sticks
 * that lie (nbdkit), and its calls fail (strace). A point is named by its number: `--from 12 --count 1` tries that one
 * again. What came of each is appended to FILE, one JSON line each.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { whyNoLoops } from '../../../src/drive/testing-loops.ts';
import { PROJECT } from '../../rig.ts';
import { whyNoLyingSticks } from './lying-stick.ts';
import { nameOf, POINTS } from './points.ts';
import { openBench, tryPoint } from './trial.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: String(POINTS.length) },
    list: { type: 'boolean', default: false },
    results: { type: 'string', default: join(PROJECT, 'out/faults/sticks.jsonl') },
  },
});
const from = Number(values.from);
const chosen = [...POINTS.entries()].slice(from, from + Number(values.count));
const whyNot = whyNoLoops() || whyNoLyingSticks();

if (values.list) for (const [number, point] of chosen) console.log(`${number} ${nameOf(point)}`);
else if (whyNot !== false) {
  console.error(`test:faults sticks: ${whyNot}`);
  process.exitCode = 3;
} else process.exitCode = (await tryAll()) > 0 ? 1 : 0;

async function tryAll(): Promise<number> {
  await mkdir(dirname(values.results), { recursive: true });
  using bench = openBench();
  let failed = 0;
  for (const [number, point] of chosen) {
    const { said, faults } = await tryPoint(bench, point);
    const outcome = faults.length === 0 ? 'passed' : 'failed';
    await appendFile(
      values.results,
      `${JSON.stringify({ number, point: nameOf(point), outcome, faults, said })}\n`,
    );
    console.log(`${outcome} ${number}: ${nameOf(point)}: ${said.match(/error: (.*)/)?.[1] ?? said}`);
    if (faults.length === 0) continue;
    failed += 1;
    for (const fault of faults) console.log(`    ${fault}`);
    console.log(`    again: npm run test:faults -- sticks --from ${number} --count 1`);
  }
  console.log(`${chosen.length - failed} passed, ${failed} failed`);
  return failed;
}
