/**
 * `npm run test:powercut [-- FLAGS]`: cuts the power of machines that boot the image and write, makes of each recording
 * drives as a crash may leave them, boots those, and shows that nothing is lost that was acknowledged. Crashes are
 * numbered from 0; recordings are kept beside the results, so that a number is always the same crash.
 *   --from N --count M   these crashes (default 0 and 20)
 *   --runs R             of so many recorded runs (default 20)
 *   --scenario NAME      records: a job writes and acknowledges; first-boot: the first boot itself, on a larger drive
 *   --firmware           boots by firmware and loader from a USB stick, BIOS and UEFI in turn
 *   --control            drives that lie about flushes: the test must find that records are lost
 *   --keep               keeps the drive of each crash that shows a violation, as it was before the boot
 *   --jobs J --accel auto|kvm|tcg --image FILE --results FILE
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCEL_CHOICES } from '#boot';
import { PROJECT } from '../rig.ts';
import { openBench } from './bench.ts';
import { SCENARIOS } from './scenario.ts';
import { tryAll } from './try-all.ts';

const folder = join(PROJECT, 'out/powercut');
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '20' },
    runs: { type: 'string', default: '20' },
    scenario: { type: 'string', default: 'records' },
    firmware: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    accel: { type: 'string', default: 'auto' },
    image: { type: 'string', default: join(PROJECT, 'out/minimal/blazeneuro.img') },
    results: { type: 'string', default: join(folder, 'results.jsonl') },
  },
});
const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
const accel = ACCEL_CHOICES.find((choice) => choice === values.accel);
if (scenario === undefined || accel === undefined) {
  console.error(`There is no scenario ${values.scenario}, or no accel ${values.accel}.`);
  process.exit(2);
}

await mkdir(dirname(values.results), { recursive: true });
const bench = await openBench(resolve(values.image), { folder, accel });
const passed = await tryAll(bench, scenario, {
  from: Number(values.from),
  count: Number(values.count),
  runs: Number(values.runs),
  jobs: Number(values.jobs),
  throughFirmware: values.firmware,
  isControl: values.control,
  keeps: values.keep,
  results: values.results,
});
process.exitCode = passed ? 0 : 1;
