import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const GATES = join(import.meta.dirname, '../../recipes/sanity/files/gates.sh');

/** Runs shell text with the functions of the gates, in a folder of its own. */
function gate(text: string, input = '') {
  const folder = mkdtempSync(join(tmpdir(), 'gates-'));
  try {
    const run = spawnSync('bash', ['-c', `set -eu -o pipefail; . "$1"; ${text}`, 'gate', GATES], {
      cwd: folder,
      input,
      encoding: 'utf8',
    });
    return { ...run, report: run.status === 0 ? readFileSync(join(folder, 'report'), 'utf8') : '' };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const inside = 'demand_inside /mnt/lfs "the search list"';

test('paths inside the folder pass, and are counted in the report', () => {
  const run = gate(inside, '/mnt/lfs/usr/lib\n/mnt/lfs/tools/lib/../lib\n');
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.report, 'the search list: 2 paths, all inside /mnt/lfs\n');
});

test('a path of the build machine closes the gate, with one sentence', () => {
  const run = gate(inside, '/mnt/lfs/usr/lib\n/usr/lib/x86_64-linux-gnu\n');
  assert.equal(run.status, 1);
  assert.equal(
    run.stderr,
    'gate: the search list has /usr/lib/x86_64-linux-gnu, which is not inside /mnt/lfs\n',
  );
});

test('a path that leaves the folder by .. closes the gate', () => {
  assert.equal(gate(inside, '/mnt/lfs/tools/../../../usr/lib\n').status, 1);
});

test('a folder whose name only begins alike is not inside', () => {
  assert.equal(gate(inside, '/mnt/lfs-other/lib\n').status, 1);
});

test('an empty list closes the gate: nothing was looked at', () => {
  const run = gate(inside);
  assert.equal(run.status, 1);
  assert.match(run.stderr, /is empty/);
});

test('a program with another loader closes the gate', () => {
  const readelf = `READELF=fake; fake() { echo '      [Requesting program interpreter: /lib/ld-musl-x86_64.so.1]'; }`;
  const run = gate(`${readelf}; demand_interpreter hello`);
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^gate: the loader of hello is '\/lib\/ld-musl-x86_64.so.1'/);
});

test('a program at a fixed address closes the gate', () => {
  const readelf = `READELF=fake; fake() { echo '  Type:                              EXEC (Executable file)'; }`;
  assert.equal(gate(`${readelf}; demand_pie hello`).status, 1);
});
