import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openLoopBench, runTool, whyNoLoops } from '../../src/drive/testing-loops.ts';
import { openRig } from '../rig.ts';

type Line = {
  readonly type: string;
  readonly path: string;
  readonly serial?: string;
  readonly mayBeWritten: boolean;
  readonly refusals: readonly { readonly kind: string; readonly message: string; readonly hint: string }[];
};

test('drives has a line for every drive of this machine, with what is on it and why not', {
  skip: whyNoLoops(),
}, async () => {
  await using rig = await openRig();
  using bench = openLoopBench();
  const file = bench.file('stick', 16 * 1024 * 1024);
  runTool('mke2fs', '-q', '-t', 'ext4', '-L', 'photos', file);
  const device = bench.attach(file);
  const before = bench.digests();

  const listed = await rig.run('drives', '--json');
  assert.equal(listed.exitCode, 0, listed.stderr);
  const lines = listed.events as unknown as readonly Line[];
  assert.ok(
    lines.every(
      ({ type, refusals, mayBeWritten }) => type === 'drive' && mayBeWritten === (refusals.length === 0),
    ),
  );
  const own = lines.find(({ path }) => path === device);
  assert.equal(own?.serial, file);
  assert.deepEqual(
    own?.refusals.map(({ kind }) => kind),
    ['not-removable'],
  );
  assert.ok(own?.refusals[0]?.hint.endsWith(`--serial ${file}`));

  const shown = await rig.run('drives');
  assert.equal(shown.exitCode, 0, shown.stderr);
  assert.match(shown.stdout, /ext4 “photos”/);
  assert.match(shown.stdout, /is not a removable drive/);
  assert.deepEqual(bench.digests(), before);
});
