/** Sources that are unpacked before the turn of their build. With real builds of toys. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { digestOfBytes } from '#base';
import { type LiveRun, lastEvent, openRig, outcomes, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

describe('sources are unpacked while their build waits', { timeout: 60_000 }, () => {
  test('and it goes on with them, with its log and its phases as ever', async () => {
    await using rig = await openToys();
    const run = startBoth(rig);
    await unpackedAhead(rig);
    await letFirstEnd(rig);
    const ended = await run.ended;
    assert.deepEqual(outcomes(ended), { 'system/first': 'built', 'system/second': 'built' }, ended.stderr);
    const told = ended.events.flatMap((event) => {
      if (event.type === 'phase-started' || event.type === 'phase-finished')
        return event.build === 'system/second' ? [`${event.type} ${event.phase}`] : [];
      return event.type === 'action-started' || event.type === 'action-finished'
        ? [`${event.type} ${event.build}`]
        : [];
    });
    assert.deepEqual(told.slice(0, 5), [
      'action-started system/first',
      'action-finished system/first',
      'action-started system/second',
      'phase-started unpack',
      'phase-finished unpack',
    ]);
    const phases = told.filter((line) => line.startsWith('phase-finished'));
    assert.deepEqual(
      phases,
      ['unpack', 'build', 'install', 'finish', 'pack'].map((phase) => `phase-finished ${phase}`),
    );
    assert.match(await rig.read('logs/system/second.log'), /^\n==> unpack\n[\s\S]*\n==> build\n/);
    assert.deepEqual(await readdir(join(rig.store, 'staging')), []);
    const key = lastEvent(ended, 'action-finished').key ?? '';
    const record = JSON.parse(
      await readFile(join(rig.store, 'keys', key.slice(0, 2), `${key}.json`), 'utf8'),
    );
    assert.deepEqual(Object.keys(record.phases).sort(), ['build', 'finish', 'install', 'pack', 'unpack']);
  });

  test('and are gone when the run is stopped, and its last log is the one that it was', async () => {
    await using rig = await openToys();
    await mkdir(join(rig.cwd, 'logs/system'), { recursive: true });
    await writeFile(join(rig.cwd, 'logs/system/second.log'), 'of an earlier run');
    const run = startBoth(rig);
    await unpackedAhead(rig);
    run.child.kill('SIGINT');
    const ended = await run.ended;
    assert.deepEqual(outcomes(ended), { 'system/first': 'stopped', 'system/second': 'stopped' });
    assert.deepEqual(await readdir(join(rig.store, 'staging')), []);
    assert.equal(await rig.read('logs/system/second.log'), 'of an earlier run');
  });

  test('and an archive that cannot be unpacked fails its build in its turn, once', async () => {
    await using rig = await openToys('no archive');
    const run = startBoth(rig);
    await letFirstEnd(rig);
    const ended = await run.ended;
    assert.deepEqual(outcomes(ended), { 'system/first': 'built', 'system/second': 'failed' });
    const problems = ended.events.flatMap((event) =>
      event.type === 'action-finished' && event.problem !== undefined ? [event.problem] : [],
    );
    assert.equal(problems.length, 1);
    assert.match(
      problems[0]?.message ?? '',
      /^system\/second has no source\. The archive second-1\.tar is refused: it is no tar archive$/,
    );
    assert.deepEqual(await readdir(join(rig.store, 'staging')), []);
  });
});

/** Two builds: the first runs until it is let go, the second needs it and has a source. */
async function openToys(archive?: string): Promise<Rig> {
  const rig = await openRig();
  await writeToyProfile(rig);
  await writeToy(rig, 'first', { build: 'touch /build/ready; until [ -e /build/go ]; do sleep 0.05; done' });
  await writeToy(rig, 'second', { needs: ['first'], sources: { '.': 'second' }, build: '[ -e name ]' });
  const path = join(rig.overlay, 'second-1.tar');
  if (archive === undefined) {
    await mkdir(join(rig.folder, 'second-1'));
    await writeFile(join(rig.folder, 'second-1/name'), 'second');
    execFileSync('tar', ['-cf', path, '-C', rig.folder, 'second-1']);
  } else {
    await writeFile(path, archive);
  }
  const digest = digestOfBytes(await readFile(path));
  await rig.write('packages.list', `second 1 file:second-1.tar sha256:${digest} -\n`);
  return rig;
}

function startBoth(rig: Rig): LiveRun {
  return rig.start(...toyWords(rig), 'build', 'system/second', '--jobs', '2', '--json');
}

/** Resolves once the source of the second build lies there; that is while the first one still runs. */
async function unpackedAhead(rig: Rig): Promise<void> {
  await workFolderWith(rig, 'ready');
  await workFolderWith(rig, 'source/name');
}

async function letFirstEnd(rig: Rig): Promise<void> {
  await writeFile(join(await workFolderWith(rig, 'ready'), 'go'), '');
}

async function workFolderWith(rig: Rig, name: string): Promise<string> {
  for (;;) {
    for (const folder of await foldersIn(join(rig.store, 'staging'))) {
      const work = join(rig.store, 'staging', folder, 'work');
      if (await exists(join(work, name))) return work;
    }
    await setTimeout(50);
  }
}

async function foldersIn(path: string): Promise<string[]> {
  return (await exists(path)) ? readdir(path) : [];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
