import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openRig, PROJECT, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

/** A store on a disk of its own, which only this test sees: memory, in a private mount namespace. */
const NAMESPACE = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

describe('a disk without space', () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig();
    await mkdir(rig.store);
    await writeToyProfile(rig);
    await writeToy(rig, 'toy');
    await writeToy(rig, 'small');
    await writeToy(rig, 'waits', {
      build: `touch $WORK/ready; while [ -e $WORK/ready ]; do sleep 0.05; done`,
    });
    await writeToy(rig, 'large', {
      build: `touch $WORK/ready
        until [ -e $WORK/go ]; do sleep 0.05; done
        head -c 50000000 /dev/zero > $WORK/large`,
    });
  });
  after(() => rig[Symbol.asyncDispose]());

  /** What people read of the last command of a script. `build NAME` is the program; its exit code is said as well. */
  const runOn = async (sizeMiB: number, script: string): Promise<string> => {
    const words = [`${PROJECT}/blazeneuro`, ...toyWords(rig)].join(' ');
    const text = `set -u
      mount -t tmpfs -o size=${sizeMiB}m none ${rig.store}
      run() { ${words} "$@" >&2; echo "<$?>" >&2; }
      build() { run build system/$1; }
      used() { df --output=$1 ${rig.store} | tail -n 1 | tr -d ' '; }
      ${script}`;
    const { stderr } = await promisify(execFile)('unshare', [...NAMESPACE, 'bash', '-c', text], {
      cwd: rig.cwd,
      env: { ...process.env, BLAZENEURO_STORE: rig.store, NO_COLOR: '1' },
    });
    return stderr;
  };

  test('is found before a first build begins', async () => {
    const said = await runOn(8, 'build small');
    assert.match(said, /Too little space: 8\.0 MiB free for the store .*\/store, .* takes about 1\.0 GiB/);
    assert.match(said, /hint: .*BLAZENEURO_STORE/);
    assert.match(said, /<3>\n$/);
    assert.doesNotMatch(said, /started/);
  });

  // In a user namespace of its own, the program takes itself for root, and has no other user to build as.
  const skip = process.getuid?.() === 0 ? false : 'only root can give the store a disk of its own';
  test('found while a build runs, or while we write, loses nothing that stood', { skip }, async () => {
    const said = await runOn(
      20_000,
      `build small
      build large &
      until compgen -G "${rig.store}/staging/run-*/work/ready"; do sleep 0.05; done
      mount -o remount,size=8m ${rig.store}
      for work in ${rig.store}/staging/run-*/work; do touch $work/go; done
      wait
      rm -rf ${rig.store}/state/failed
      head -c 9000000 /dev/zero > ${rig.store}/filler
      build large
      rm ${rig.store}/filler
      build small`,
    );
    const [first, inBuild, inStore, again] = said.split(/<\d+>\n/);
    assert.match(first ?? '', /system\/small built/);
    for (const problem of [inBuild, inStore]) {
      assert.match(problem ?? '', /error: (?:No space is left|Too little space)/);
      assert.match(problem ?? '', /hint: Free some.*BLAZENEURO_STORE/);
    }
    assert.match(again ?? '', /0 built, 1 from the store/);
    const exitCodes = [...said.matchAll(/<(\d+)>\n/g)].map((match) => match[1]);
    assert.deepEqual(exitCodes, ['0', '3', '3', '0']);
  });

  /** Runs `waits` again, and does something to the disk just before it ends; then again, with all the room it wants. */
  const squeezed = (squeeze: string) => `
    build small
    again() { run build --rebuild system/waits system/waits; }
    ready() { until compgen -G "${rig.store}/staging/run-*/work/ready" > ${rig.cwd}/found; do kill -0 $! && sleep 0.05; done; }
    for more in 0 1 3 6 20; do
      again &
      ready
      mount -o remount,${squeeze} ${rig.store}
      rm $(cat ${rig.cwd}/found)
      wait
      mount -o remount,size=20000m,nr_inodes=100000 ${rig.store}
      again &
      ready
      rm $(cat ${rig.cwd}/found)
      wait
      run store verify
    done`;

  for (const [what, squeeze] of [
    ['pages', 'size=$(($(used used) + 4 * more))k'],
    ['files', 'nr_inodes=$(($(used iused) + more))'],
  ] as const) {
    test(`that runs out of ${what} at any write of a commit loses nothing`, { skip }, async () => {
      const said = await runOn(20_000, squeezed(squeeze));
      const [first, ...rounds] = [...said.matchAll(/<(\d+)>\n/g)].map((match) => match[1]);
      assert.equal(first, '0', said);
      const ended = new Set<string | undefined>();
      for (let at = 0; at < rounds.length; at += 3) {
        ended.add(rounds[at]);
        assert.deepEqual(rounds.slice(at + 1, at + 3), ['0', '0'], said);
      }
      assert.deepEqual([...ended].sort(), ['0', '3'], said);
      assert.match(said, /error: No space is left/);
    });
  }

  test('that a download fills up is told as that, and nothing of it is left', { skip }, async () => {
    const names = ['one', 'two', 'three', 'four', 'five', 'six'];
    await mkdir(`${rig.overlay}/archives`);
    const lines = names.map((name) => {
      const bytes = Buffer.alloc(6_000_000, name);
      writeFileSync(`${rig.overlay}/archives/${name}.tar`, bytes);
      const digest = createHash('sha256').update(bytes).digest('hex');
      return `${name} 1 file:archives/${name}.tar sha256:${digest} -\n`;
    });
    await rig.write('packages.list', lines.join(''));
    const said = await runOn(
      20,
      `run fetch ${names.join(' ')}
      ls -A ${rig.store}/staging >&2
      mount -o remount,size=100m ${rig.store}
      run fetch ${names.join(' ')}
      run store verify`,
    );
    const [full, again] = said.split(/<\d+>\n/);
    assert.match(full ?? '', /error: No space is left on a disk: ENOSPC/);
    assert.match(full ?? '', /hint: Free some.*BLAZENEURO_STORE/);
    assert.doesNotMatch(again ?? '', /^run-/m);
    const exitCodes = [...said.matchAll(/<(\d+)>\n/g)].map((match) => match[1]);
    assert.deepEqual(exitCodes, ['3', '0', '0'], said);
  });

  test('that is full can be collected from; one that is read-only is told of', { skip }, async () => {
    const said = await runOn(
      20_000,
      `build small
      mount -o remount,size=$(used used)k ${rig.store}
      run gc --max-size 1K
      mount -o remount,size=20000m ${rig.store}
      build small
      mount -o remount,ro ${rig.store}
      build small
      run build --rebuild system/small system/small`,
    );
    const [, collected, , nothingToDo, readOnly] = said.split(/<\d+>\n/);
    assert.match(collected ?? '', /artifact system\/small .*; for the limit/);
    assert.match(nothingToDo ?? '', /cannot be written to, so garbage collection will not know/);
    assert.match(readOnly ?? '', /error: The store .* cannot be used: EROFS/);
    assert.match(readOnly ?? '', /hint: Mount it for writing/);
    const exitCodes = [...said.matchAll(/<(\d+)>\n/g)].map((match) => match[1]);
    assert.deepEqual(exitCodes, ['0', '0', '0', '0', '3'], said);
  });
});
