import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { digestOfBytes } from '#base';
import { openRig, type Rig } from '../rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
  for (const version of ['1.9', '1.10']) await rig.write(`toy-${version}.tar`, `toy ${version}`);
});
afterEach(() => rig[Symbol.asyncDispose]());

const pin = (...words: string[]) => rig.run('--config', rig.overlay, 'pin', ...words);
const list = () => readFile(join(rig.overlay, 'packages.list'), 'utf8');
const line = (version: string, path = `toy-${version}.tar`) =>
  `toy ${version} file:${path} sha256:${digestOfBytes(`toy ${version}`)} ${`toy ${version}`.length}\n`;

test('a source is pinned, and moved to another version; all other lines stay', async () => {
  await writeFile(join(rig.cwd, 'toy-1.9.tar'), 'toy 1.9');
  const first = await pin('toy', 'file:toy-1.9.tar');
  assert.equal(first.exitCode, 0, first.stderr);
  // A path that is typed is seen from where the person is, and one in the list from the list.
  assert.equal(first.stdout, `+ ${line('1.9', '../cwd/toy-1.9.tar')}`);
  assert.ok((await list()).endsWith(`\n\n${line('1.9', '../cwd/toy-1.9.tar')}`));

  await rig.write('packages.list', `# Mine.\n\nother 1 somewhere\n${line('1.9')}# The end.\n`);
  const moved = await pin('toy', '1.10');
  assert.equal(moved.exitCode, 0, moved.stderr);
  assert.equal(moved.stdout, `- ${line('1.9')}+ ${line('1.10')}`);
  assert.equal(await list(), `# Mine.\n\nother 1 somewhere\n${line('1.10')}# The end.\n`);
});

test('--dry-run says, and writes nothing', async () => {
  await rig.write('packages.list', line('1.9'));
  const run = await pin('toy', '1.10', '--dry-run');
  assert.equal(run.stdout, `- ${line('1.9')}+ ${line('1.10')}`);
  assert.match(run.stderr, /--dry-run/);
  assert.equal(await list(), line('1.9'));
});

test('the command that a list of the old form hints at mends it', async () => {
  await rig.write('packages.list', 'toy 1.9 file:toy-1.9.tar\ntoy 1.9 file:other.tar\n');
  const plan = await rig.run('--config', rig.overlay, 'plan');
  assert.match(plan.stderr, /blazeneuro --config \S+ pin toy 1\.9 file:toy-1\.9\.tar/);
  const run = await pin('toy', '1.9', 'file:toy-1.9.tar');
  assert.equal(run.exitCode, 0, run.stderr);
  assert.equal(await list(), `${line('1.9')}toy 1.9 file:other.tar\n`);
});

describe('what was relied on is not lost without consent', () => {
  test('bytes that changed while the version stayed', async () => {
    await rig.write('packages.list', line('1.9'));
    await rig.write('toy-1.9.tar', 'other bytes');
    const refused = await pin('toy');
    assert.equal(refused.exitCode, 1);
    assert.match(refused.stderr, /not the pinned ones/);
    assert.match(refused.stderr, /check its signature, then run: blazeneuro --config \S+ pin toy --yes/);
    assert.equal(await list(), line('1.9'));
    assert.equal((await pin('toy', '--yes')).exitCode, 0);
    assert.ok((await list()).includes(digestOfBytes('other bytes')));
  });

  test('an origin that has not the new version', async () => {
    await rig.write('elsewhere/toy-1.9.tar', 'toy 1.9');
    const before = `${line('1.9')}${line('1.9', 'elsewhere/toy-1.9.tar')}`;
    await rig.write('packages.list', before);
    const refused = await pin('toy', '1.10');
    assert.equal(refused.exitCode, 4);
    assert.match(refused.stderr, /file:elsewhere\/toy-1\.10\.tar: ENOENT/);
    assert.equal(await list(), before);
    const dropped = await pin('toy', '1.10', '--yes');
    assert.match(dropped.stdout, /^- toy 1\.9 file:elsewhere/m);
    assert.equal(await list(), line('1.10'));
  });
});

test('the same bytes again change nothing', async () => {
  await rig.write('packages.list', line('1.9'));
  const run = await pin('toy');
  assert.equal(run.stdout, `  ${line('1.9')}`);
  assert.match(run.stderr, /nothing changed/);
});

test('one more origin of the same version stands below the first', async () => {
  await rig.write('packages.list', `${line('1.9')}other 1 somewhere\n`);
  await rig.write('elsewhere/toy-1.9.tar', 'toy 1.9');
  const run = await pin('toy', '1.9', `file:${rig.overlay}/elsewhere/toy-1.9.tar`);
  assert.equal(run.exitCode, 0, run.stderr);
  const added = line('1.9', `${rig.overlay}/elsewhere/toy-1.9.tar`);
  assert.equal(await list(), `${line('1.9')}${added}other 1 somewhere\n`);
});

test('what is no name, no version, no origin, and what is not there', async () => {
  const wrong: readonly (readonly [number, RegExp, ...string[]])[] = [
    [2, /Not a name: Toy/, 'Toy', '1', 'file:toy-1.9.tar'],
    [2, /Not a version: -1|unknown option/, 'toy', '-1', 'file:toy-1.9.tar'],
    [2, /Not an origin: http:\/\/a\.example\/toy-1\.tar/, 'toy', '1', 'http://a.example/toy-1.tar'],
    [
      2,
      /does not tell the version.*\n.*blazeneuro --config \S+ pin toy VERSION file:toy\.tar/,
      'toy',
      'file:toy.tar',
    ],
    [2, /has no source toy.*\n.*pin toy VERSION URL/, 'toy'],
    [2, /names a source/, ''],
    [2, /More words than there are meanings: more/, 'toy', 'file:toy-1.9.tar', 'more'],
    [1, /ENOENT/, 'toy', '2', 'file:toy-2.tar'],
  ];
  for (const [exitCode, message, ...words] of wrong) {
    const run = await pin(...words.filter((word) => word !== ''));
    assert.equal(run.exitCode, exitCode, run.stderr);
    assert.match(run.stderr, message);
    assert.equal(run.stdout, '');
  }
});

test('with --json stdout has one event of each line', async () => {
  await rig.write('packages.list', line('1.9'));
  const run = await rig.run('--config', rig.overlay, '--json', 'pin', 'toy', '1.10');
  const pinned = run.events.map((event) => event as unknown as Record<string, unknown>).at(-1);
  assert.deepEqual(pinned, {
    type: 'pinned',
    list: join(rig.overlay, 'packages.list'),
    dryRun: false,
    changes: [{ before: line('1.9').trimEnd(), after: line('1.10').trimEnd() }],
    unanswered: [],
    remarks: [],
  });
});
