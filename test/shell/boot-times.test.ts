import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { BOOT_FILES, INITRD_INIT, runShell, temporaryFolder } from './shell.ts';

const folder = temporaryFolder();
const program = join(folder, 'boot-times');

before(() => {
  const argv = ['-std=gnu17', '-Wall', '-Wextra', '-Wconversion', '-Werror', '-o', program];
  const { status, stderr } = spawnSync('gcc', [...argv, join(BOOT_FILES, 'boot-times.c')], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

const BOOT = `2.41 initrd mounts
2.43 initrd find-root
3.80 init init
3.95 start 10-mounts
4.01 start 90-services/sshd
4.80 login logins
4.95 login prompt
`;

/** Runs the program on a boot with these marks; the counter and the firmware's times are there where they are given. */
function bootTimes(
  marks: string | undefined,
  options: { words?: string[]; counter?: string; fpdt?: string } = {},
) {
  const own = temporaryFolder();
  if (marks !== undefined) writeFileSync(join(own, 'times'), marks);
  if (options.counter !== undefined) writeFileSync(join(own, 'counter'), options.counter);
  if (options.fpdt !== undefined) writeFileSync(join(own, 'bootloader_launch_ns'), options.fpdt);
  const env = { BOOT_TIMES: join(own, 'times'), BOOT_COUNTER: join(own, 'counter'), BOOT_FIRMWARE: own };
  return spawnSync(program, options.words ?? [], { encoding: 'utf8', env });
}

function asJson(...[marks, options]: Parameters<typeof bootTimes>): Record<string, unknown> {
  return JSON.parse(bootTimes(marks, { ...options, words: ['--json'] }).stdout);
}

test('the parts add up to the whole', () => {
  const { kernelMs, initrdMs, initMs, bootScriptsMs, loginMs, kernelToLoginMs, parts } = asJson(BOOT);
  const places = { kernelMs, initrdMs, initMs, bootScriptsMs, loginMs };
  assert.deepEqual(places, { kernelMs: 2410, initrdMs: 1390, initMs: 150, bootScriptsMs: 850, loginMs: 150 });
  const lengths = (parts as { lengthMs: number }[]).map(({ lengthMs }) => lengthMs);
  assert.equal(
    lengths.reduce((sum, one) => sum + one, 2410),
    4950,
  );
  assert.equal(kernelToLoginMs, 4950);
});

test('the chart names each part with its start and its length', () => {
  const { stdout, status } = bootTimes(BOOT);
  assert.equal(status, 0);
  assert.match(stdout, /^firmware and loader +not known$/m);
  assert.match(stdout, /^kernel +0\.00 +2\.41 {2}#{16}$/m);
  assert.match(stdout, /^ {2}find-root +2\.43 +1\.37 +#+$/m);
  assert.match(stdout, /^ {2}90-services\/sshd +4\.01 +0\.79 +#+$/m);
  assert.match(stdout, /\n4\.95 s from the kernel's start to the login\n$/);
  assert.ok(stdout.split('\n').every((line) => line.length <= 80));
});

test('scripts that ran side by side have their own lengths, beside the sum', () => {
  const marks = BOOT.replace(
    '4.01 start 90',
    '3.97 start 40\n3.99 ended 40-clock\n4.01 ended 40-sysctl\n4.01 start 90',
  );
  const { stdout } = bootTimes(marks);
  assert.match(
    stdout,
    /^ {2}40 +3\.97 +0\.04 +#+\n {4}40-clock +3\.97 +0\.02 +#+\n {4}40-sysctl +3\.97 +0\.04 +#+$/m,
  );
  const { parts, bootScriptsMs } = asJson(marks);
  assert.equal(bootScriptsMs, 850);
  assert.deepEqual(
    (parts as { name: string }[]).find(({ name }) => name === '40'),
    {
      place: 'start',
      name: '40',
      startMs: 3970,
      lengthMs: 40,
      sideBySide: [
        { name: '40-clock', lengthMs: 20 },
        { name: '40-sysctl', lengthMs: 40 },
      ],
    },
  );
});

test('logins that come later are not part of the boot', () => {
  assert.deepEqual(asJson(`${BOOT}99.00 login prompt\n`), asJson(BOOT));
});

test('a boot that is still going on is told as far as it is', () => {
  assert.match(bootTimes('2.41 initrd mounts\n2.50 init init\n').stdout, /it has not come yet\n$/);
});

test("what came before the kernel is told by the processor's counter", () => {
  const [count, seconds] = spawnSync(program, ['--note-counter'], { encoding: 'utf8' })
    .stdout.split(' ')
    .map(Number) as [number, number];
  // A look at half of the time until now, at a count that only fits if counting began 100 s before the clock did.
  const counted = count * ((100 + seconds / 2) / (100 + seconds));
  const { beforeKernelMs } = asJson(BOOT, { counter: `${Math.round(counted)} ${seconds / 2}\n` });
  assert.ok(Math.abs(Number(beforeKernelMs) - 100_000) < 1000, String(beforeKernelMs));
});

test('a counter that was set anew, or a note that is none, is not believed', () => {
  for (const counter of ['1 1000000000.0\n', '18446744073709551615 1.0\n', 'nonsense\n', '', '5\n']) {
    assert.equal(asJson(BOOT, { counter })['beforeKernelMs'], null, counter);
  }
});

test("times of the firmware alone, without the counter's, are not believed either", () => {
  const { firmwareMs, loaderMs } = asJson(BOOT, { fpdt: '5000000000\n' });
  assert.deepEqual([firmwareMs, loaderMs], [null, null]);
});

test('lines that are cut off or of others are left out, and names cannot break the JSON', () => {
  const { parts } = asJson(`garbage\n1.00\n${BOOT.replace('10-mounts', '10-"m\\o\u0001')}5.0 lo`);
  assert.equal((parts as unknown[]).length, 6);
  assert.match(JSON.stringify(parts), /"10-mo"/);
});

test('without notes it says so and exits with 1, and with 2 when it is called wrongly', () => {
  for (const marks of [undefined, '', 'nothing\n']) {
    const { status, stdout, stderr } = bootTimes(marks);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /^blazeneuro-boot-times: /);
  }
  assert.equal(bootTimes(BOOT, { words: ['--verbose'] }).status, 2);
  assert.equal(bootTimes(BOOT, { words: ['--json', 'x'] }).status, 2);
  assert.match(bootTimes(undefined, { words: ['--help'] }).stdout, /^Usage: /);
});

/** What is noted by `mark` of this file, with a clock of its own, in a file that is there or not. */
function noted(functions: string, before?: string): string | undefined {
  const own = temporaryFolder();
  const [times, clock] = [join(own, 'times'), join(own, 'uptime')];
  mkdirSync(own, { recursive: true });
  writeFileSync(clock, '12.34 20.00\n');
  if (before !== undefined) writeFileSync(times, before);
  const text = readFileSync(functions, 'utf8').replaceAll('/proc/uptime', clock);
  const { stderr } = runShell(
    'dash',
    `set -e\n${text}\nBOOT_TIMES=${times}\nPATH=\nmark start 10-mounts\n[ ! -e ${times} ] || while read -r line; do echo "$line" >&2; done < ${times}`,
  );
  return stderr;
}

test('a mark is a line with the clock, written without a program', () => {
  const functions = join(BOOT_FILES, 'boot/functions');
  assert.equal(noted(functions, '1.00 initrd mounts\n'), '1.00 initrd mounts\n12.34 start 10-mounts\n');
  assert.equal(noted(INITRD_INIT), '12.34 start 10-mounts\n');
});

test('without a place for it, before /run is mounted, nothing is noted', () => {
  assert.equal(noted(join(BOOT_FILES, 'boot/functions')), '');
});
