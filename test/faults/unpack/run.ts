/**
 * `npm run test:faults -- unpack [--seed N] [--from N] [--count M] [--whole-every N] [--results FILE]`: archives that
 * fast-check makes, good, evil and mangled, are unpacked beside a canary. An archive is named by its number and the
 * seed: `--seed 7 --from 1234 --count 1` tries that one again. Faults are appended to FILE, one JSON line each.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '../../rig.ts';
import { openBench } from './bench.ts';
import { tryArchives, type Verdict } from './trial.ts';

/** Archives that lie unpacked at once. */
const BATCH = 200;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '10000' },
    'whole-every': { type: 'string', default: '25' },
    results: { type: 'string', default: join(PROJECT, 'out/faults/unpack.jsonl') },
  },
});
const [seed, from, count] = [Number(values.seed), Number(values.from), Number(values.count)];
// One that is tried by itself goes the whole way too.
const options = { seed, wholeEvery: count === 1 ? 1 : Number(values['whole-every']) };
const counts: Record<string, number> = {};
let failed = 0;

console.log(`${count} archives from number ${from} on, seed ${seed}`);
await mkdir(dirname(values.results), { recursive: true });
using bench = openBench();
for (let start = from; start < from + count; start += BATCH) {
  const numbers = Array.from({ length: Math.min(BATCH, from + count - start) }, (_, index) => start + index);
  for (const verdict of tryArchives(bench, numbers, options)) await tell(verdict);
}
const told = Object.entries(counts).map(([what, times]) => `${times} ${what}`);
console.log(`${count - failed} passed, ${failed} failed (${told.sort().join(', ')})`);
process.exitCode = failed > 0 ? 1 : 0;

async function tell({ trial, refusal, faults }: Verdict): Promise<void> {
  const { number, kind, attack } = trial;
  const outcome = `${kind} and ${refusal === '' ? 'taken' : 'refused'}`;
  counts[outcome] = (counts[outcome] ?? 0) + 1;
  if (faults.length === 0) return;
  failed += 1;
  await appendFile(values.results, `${JSON.stringify({ seed, number, kind, attack, refusal, faults })}\n`);
  console.log(`failed ${number}: ${kind}${kind === 'good' ? '' : `, ${attack}`}`);
  for (const fault of faults) console.log(`    ${fault}`);
  console.log(`    again: npm run test:faults -- unpack --seed ${seed} --from ${number} --count 1`);
}
