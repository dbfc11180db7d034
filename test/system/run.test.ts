/** The system test's own decisions, with a stand-in for the program that does as it is told. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const ONE_MINUTE_MS = 60_000;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'system-test-'));
  await mkdir(join(folder, 'test/system'), { recursive: true });
  await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
  await mkdir(join(folder, 'test/powercut'));
  await symlink(process.execPath, join(folder, 'node_modules/.bin/node'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['run', 'estimate.ts']) {
    await copyFile(join(import.meta.dirname, name), join(folder, 'test/system', name));
  }
});
after(() => rm(folder, { recursive: true }));

test('builds and boots when little is missing', async () => {
  const { status, lines, calls } = await runWith({ estimateMs: 39 * ONE_MINUTE_MS });
  assert.equal(lines.at(-1), '25 passed, 0 failed, 0 skipped');
  assert.equal(status, 0);
  assert.deepEqual(calls, [
    'status --json --profile minimal',
    'build',
    'boot --test --firmware uefi',
    'boot --test --firmware bios',
    'boot --test --scenario login --firmware uefi --bus ehci',
    'boot --test --scenario login --firmware bios --bus sata',
    'boot --test --scenario login --firmware uefi --bus nvme',
    'boot --test --scenario login --firmware bios --bus virtio',
    'boot --test --scenario login --firmware uefi32 --bus usb',
    'boot --test --scenario login --firmware uefi32 --bus sata',
    'boot --test --scenario login --firmware bios --bus ide',
    'boot --test --scenario login --firmware bios --bus sd',
    'boot --test --scenario login --firmware bios --bus scsi',
    'boot --test --scenario grows --firmware bios',
    'boot --test --scenario identity --firmware bios',
    'boot --test --scenario mends --firmware bios',
    'boot --test --scenario rescue --firmware bios',
    'boot --test --scenario previous-kernel --firmware bios',
    'boot --test --scenario works --firmware bios',
    'two-sticks --firmware uefi',
    'two-sticks --firmware bios',
    'status --json --profile base',
    'build --profile base',
    'boot --test --profile base --memory 256 --firmware uefi',
    'boot --test --profile base --memory 256 --firmware bios',
    'boot --test --profile base --scenario works --firmware bios',
    'powercut --runs 2 --count 10',
  ]);
});

test('stops at an estimate of more than 40 minutes, and counts that as skipped', async () => {
  const { status, lines, calls } = await runWith({ estimateMs: 40 * ONE_MINUTE_MS + 1 });
  assert.equal(lines.at(-1), '0 passed, 0 failed, 25 skipped');
  assert.equal(status, 0);
  assert.deepEqual(calls, ['status --json --profile minimal']);
});

test('boots nothing after a build that failed', async () => {
  const { status, lines, calls } = await runWith({ estimateMs: 0, failing: 'build' });
  assert.equal(lines.at(-1), '0 passed, 1 failed, 24 skipped');
  assert.equal(status, 1);
  assert.deepEqual(calls, ['status --json --profile minimal', 'build']);
});

test('a boot that fails under one firmware does not hide the other', async () => {
  const { status, lines } = await runWith({ estimateMs: 0, failing: 'boot --test --firmware uefi' });
  assert.equal(lines.at(-1), '24 passed, 1 failed, 0 skipped');
  assert.equal(status, 1);
});

test('counts as skipped what cannot be tried here', async () => {
  const { status, lines } = await runWith({ estimateMs: 0, impossible: 'two-sticks --firmware bios' });
  assert.ok(lines.includes('skipped: starts either of two flashed sticks under bios'), lines.join('\n'));
  assert.equal(lines.at(-1), '24 passed, 0 failed, 1 skipped');
  assert.equal(status, 0);
});

test('leaves base alone when more than ten minutes of it are missing', async () => {
  const { status, lines, calls } = await runWith({ estimateMs: 0, baseEstimateMs: 11 * ONE_MINUTE_MS });
  assert.equal(lines.at(-1), '21 passed, 0 failed, 4 skipped');
  assert.equal(status, 0);
  assert.ok(calls.includes('powercut --runs 2 --count 10'));
  assert.ok(!calls.some((call) => call.includes('boot') && call.includes('base')));
});

test('a base that does not build is not booted, and hides nothing', async () => {
  const { status, lines, calls } = await runWith({ estimateMs: 0, failing: 'build --profile base' });
  assert.equal(lines.at(-1), '21 passed, 1 failed, 3 skipped');
  assert.equal(status, 1);
  assert.equal(calls.at(-1), 'powercut --runs 2 --count 10');
});

test('fails when there is no estimate', async () => {
  const { status, lines } = await runWith({ estimateMs: 'soon' });
  assert.equal(lines.at(-1), '0 passed, 1 failed, 25 skipped');
  assert.equal(status, 1);
});

test('stops a build at the deadline', async () => {
  const deadline = Math.floor(Date.now() / 1000) + 2;
  const { status, lines } = await runWith({ estimateMs: 0, slow: 'build', deadline });
  assert.ok(lines.includes('not ok: minimal builds: stopped at the time limit of CI'), lines.join('\n'));
  assert.equal(status, 1);
});

type Orders = {
  readonly estimateMs: number | string;
  readonly baseEstimateMs?: number;
  readonly failing?: string;
  readonly slow?: string;
  /** What exits with 77. */
  readonly impossible?: string;
  readonly deadline?: number;
};

async function runWith(orders: Orders) {
  const callsFile = join(folder, 'calls');
  await rm(callsFile, { force: true });
  const statusLine = (estimateMs: number | string) => JSON.stringify({ type: 'status', estimateMs });
  await writeFile(
    join(folder, 'blazeneuro'),
    `#!/bin/sh
echo "$*" >>'${callsFile}'
case $* in
  'status --json --profile minimal') echo '{"type":"build-status"}'; echo '${statusLine(orders.estimateMs)}' ;;
  'status --json --profile base') echo '${statusLine(orders.baseEstimateMs ?? 0)}' ;;
  '${orders.failing ?? 'nothing'}') exit 1 ;;
  '${orders.slow ?? 'nothing'}') exec sleep 60 ;;
esac
`,
  );
  await chmod(join(folder, 'blazeneuro'), 0o755);
  await writeFile(
    join(folder, 'test/system/two-sticks.ts'),
    `import { appendFileSync } from 'node:fs';
const words = ['two-sticks', ...process.argv.slice(2)].join(' ');
appendFileSync('${callsFile}', \`\${words}\\n\`);
if (words === '${orders.impossible ?? 'nothing'}') process.exitCode = 77;
`,
  );
  await writeFile(join(folder, 'test/powercut/run'), `echo "powercut $*" >>'${callsFile}'\n`);
  const { CI_DEADLINE: _, COUNTS_FILE: __, ...env } = process.env;
  const deadline = orders.deadline === undefined ? {} : { CI_DEADLINE: String(orders.deadline) };
  const run = spawnSync('sh', [join(folder, 'test/system/run')], {
    encoding: 'utf8',
    env: { ...env, ...deadline },
  });
  const calls = (await readFile(callsFile, 'utf8')).trim().split('\n');
  return { status: run.status, lines: run.stdout.trim().split('\n'), calls };
}
