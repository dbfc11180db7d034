/** A build with nothing to do: how little it takes, counted and not timed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openRig, PROJECT, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';
import type { RunTrace } from './trace-run.ts';

let rig: Rig;
before(async () => {
  rig = await openRig();
  await writeToyProfile(rig);
  await writeToy(rig, 'toy');
  await makeCountingPrograms();
});
after(() => rig[Symbol.asyncDispose]());

describe('a build', () => {
  test('with something to do loads what it needs, and starts programs', async () => {
    const { trace } = await build();
    assert.ok(packagesOf(trace).includes('execa'), String(packagesOf(trace)));
    assert.ok(foldersOf(trace).includes('build'), String(foldersOf(trace)));
    assert.notEqual(trace.children.length, 0);
  });

  test('with nothing to do loads no package but the one of the command line, and nothing that builds', async () => {
    const { trace } = await build();
    assert.deepEqual(packagesOf(trace), ['commander']);
    const folders = foldersOf(trace);
    assert.ok(folders.includes('plan'), String(folders));
    for (const folder of ['build', 'image', 'schedule', 'boot', 'drive']) {
      assert.ok(!folders.includes(folder), `src/${folder} was loaded`);
    }
  });

  test('with nothing to do starts no program, nor does the launcher', async () => {
    const { trace, programs } = await build();
    assert.deepEqual(trace.children, []);
    assert.equal(programs, '');
  });

  test('with nothing to do waits for nobody', async () => {
    // Whoever holds the lock changes nothing of what is finished.
    const held = await build(['flock', join(rig.store, 'lock')]);
    assert.deepEqual([held.trace.children, held.programs], [[], 'flock\n']);
  });
});

/** Stands in for every program of the machine: writes its name down, and becomes the real one. */
async function makeCountingPrograms(): Promise<void> {
  const folder = join(rig.folder, 'programs');
  await mkdir(folder);
  const counting = join(rig.folder, 'counting');
  await writeFile(
    counting,
    `#!/bin/sh
name=\${0##*/}
echo "$name" >>'${join(rig.folder, 'started')}'
for real in /usr/bin /usr/sbin; do [ ! -x "$real/$name" ] || exec "$real/$name" "$@"; done
`,
  );
  await chmod(counting, 0o755);
  const names = new Set([...(await readdir('/usr/bin')), ...(await readdir('/usr/sbin'))]);
  await Promise.all([...names].map((name) => symlink(counting, join(folder, name))));
}

async function build(before: readonly string[] = []): Promise<{ trace: RunTrace; programs: string }> {
  const [started, traceFile] = [join(rig.folder, 'started'), join(rig.folder, 'trace.json')];
  await writeFile(started, '');
  const argv = [...before, join(PROJECT, 'blazeneuro'), ...toyWords(rig), 'build', 'system/toy'];
  const run = spawnSync(argv[0] ?? '', argv.slice(1), {
    cwd: rig.cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: join(rig.folder, 'programs'),
      BLAZENEURO_STORE: rig.store,
      BLAZENEURO_TEST_TRACE: traceFile,
      NODE_OPTIONS: `--import=${new URL('trace-run.ts', import.meta.url).href}`,
    },
  });
  assert.equal(run.status, 0, run.stderr);
  const trace = JSON.parse(await readFile(traceFile, 'utf8')) as RunTrace;
  return { trace, programs: await readFile(started, 'utf8') };
}

/** The npm packages that were loaded, each once. */
function packagesOf({ modules }: RunTrace): string[] {
  const names = modules.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  return [...new Set(names)];
}

/** The folders of the engine that were loaded, each once. */
function foldersOf({ modules }: RunTrace): string[] {
  const ours = new URL('../../src/', import.meta.url).href;
  const paths = modules.filter((url) => url.startsWith(ours)).map((url) => url.slice(ours.length));
  return [...new Set(paths.map((path) => path.split('/')[0] ?? ''))];
}
