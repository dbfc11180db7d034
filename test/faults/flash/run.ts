/**
 * `npm run test:faults -- flash [--seed N] [--from N] [--count M] [--results FILE]`: drives in memory, each with one
 * fault, are flashed; each has to be found out. A drive is named by its number and the seed: `--seed 7 --from 1234
 * --count 1` tries that one again. What came of each kind is appended to FILE, and every fault, one JSON line each.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '../../rig.ts';
import { tryFault } from './trial.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20250101' },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '1000' },
    results: { type: 'string', default: join(PROJECT, 'out/faults/flash.jsonl') },
  },
});
const [seed, from, count] = [Number(values.seed), Number(values.from), Number(values.count)];
const detected: Record<string, number> = {};
let failed = 0;

console.log(`${count} drives from number ${from} on, seed ${seed}`);
await mkdir(dirname(values.results), { recursive: true });
for (let number = from; number < from + count; number += 1) {
  const { draw, said, faults } = await tryFault(number, seed);
  if (count === 1) console.log(JSON.stringify({ draw, said }));
  if (faults.length === 0) {
    detected[draw.kind] = (detected[draw.kind] ?? 0) + 1;
    continue;
  }
  failed += 1;
  await appendFile(values.results, `${JSON.stringify({ seed, number, draw, said, faults })}\n`);
  console.log(`failed ${number}: ${draw.kind}: ${said}`);
  for (const fault of faults) console.log(`    ${fault}`);
  console.log(`    again: npm run test:faults -- flash --seed ${seed} --from ${number} --count 1`);
}
const result = { seed, from, count, passed: count - failed, failed, detected };
await appendFile(values.results, `${JSON.stringify(result)}\n`);
for (const [kind, times] of Object.entries(detected).sort())
  console.log(`${String(times).padStart(6)} ${kind}`);
console.log(`${count - failed} of ${count} detected, ${failed} not`);
process.exitCode = failed > 0 ? 1 : 0;
