/**
 * `two-sticks.ts --firmware bios|uefi [--image FILE]`: flashes two sticks from the image by the real program, and starts a
 * machine that has both of them, first from one and then from the other. The sticks are files behind loop devices that are
 * made here, which takes root; where there are none it exits with 77.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { unwrap } from '#base';
import { bootTest, FIRMWARES, twoSticksScenario, verdictLines } from '#boot';
import { type LoopBench, openLoopBench, whyNoLoops } from '../../src/drive/testing-loops.ts';
import { PROGRAM_ENV } from '../powercut/programs.ts';
import { openRig, PROJECT, type Rig } from '../rig.ts';

/** Larger than the image, so that there is a root to grow. */
const STICK_BYTES = 1024 ** 3;
/** What automake takes for a test that cannot be run here. */
const SKIPPED = 77;

const { values } = parseArgs({
  options: {
    firmware: { type: 'string', default: 'bios' },
    image: { type: 'string', default: join(PROJECT, 'out/minimal/blazeneuro.img') },
  },
});
const firmware = FIRMWARES.find((name) => name === values.firmware);
const whyNot = whyNoLoops();
if (firmware === undefined) {
  console.error(`There is no firmware ${values.firmware}.`);
  process.exitCode = 2;
} else if (whyNot !== false) {
  console.error(`two sticks: skipped: ${whyNot}`);
  process.exitCode = SKIPPED;
} else {
  await using rig = await openRig();
  using bench = openLoopBench();
  const [one, two] = [await flash('one', rig, bench), await flash('two', rig, bench)];
  const scenarios = [twoSticksScenario(two)];
  const logFolder = join(PROJECT, 'logs/two-sticks');
  const verdict = unwrap(await bootTest(one, { firmware, scenarios, env: PROGRAM_ENV, logFolder }));
  console.log(verdictLines(verdict).join('\n'));
  if (!verdict.passed) {
    console.error(`All that the serial port said: ${verdict.log}`);
    process.exitCode = 1;
  }
}

/** A stick with the image on it; the loop device is gone when it was flashed. */
async function flash(name: string, rig: Rig, bench: LoopBench): Promise<string> {
  const file = bench.file(name, STICK_BYTES);
  const device = bench.attach(file);
  try {
    const drive = device.replace('/dev/', '');
    const run = await rig.run('flash', values.image, drive, '--yes', '--serial', file);
    if (run.exitCode !== 0) throw new Error(`flash exited with ${run.exitCode}: ${run.stderr}`);
    return file;
  } finally {
    bench.detach(device);
  }
}
