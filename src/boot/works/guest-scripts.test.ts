/** The scripts of `guest/` find on any Linux what they find on ours, and tell what is wrong. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type ExpectedFacts, judgeFacts } from './facts.ts';
import { judgeLibraries } from './judge-libraries.ts';
import { judgeStarts } from './judge-starts.ts';
import { startsTable } from './unusual-starts.ts';
import { ARCHIVES, BUILD, FILES, PROCESSES, TEXTS } from './works-of-user.ts';

const scratch = mkdtempSync(join(tmpdir(), 'blazeneuro-works-'));
after(() => rmSync(scratch, { recursive: true }));

function run(shell: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { stdout, stderr, status } = spawnSync(shell, [...words], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', TMPDIR: scratch, ...env },
    timeout: 60_000,
  });
  return { output: `${stdout}${stderr}`, exitCode: status ?? 255 };
}
const script = (name: string) => join(import.meta.dirname, 'guest', `${name}.sh`);

function folderOf(programs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(scratch, 'programs-'));
  for (const [name, body] of Object.entries(programs))
    writeFileSync(join(folder, name), body, { mode: 0o755 });
  return folder;
}

const WORKS: Readonly<Record<string, ExpectedFacts>> = {
  files: FILES,
  archives: ARCHIVES,
  texts: TEXTS,
  processes: PROCESSES,
  build: BUILD,
};

describe('work that any Linux can do', () => {
  for (const [name, expected] of Object.entries(WORKS)) {
    it(`${name} comes out as the scenario expects`, () => {
      for (const shell of ['dash', 'bash']) {
        const { passed, detail } = judgeFacts(run(shell, [script(name)]), expected);
        assert.ok(passed, `${shell}: ${detail}`);
      }
    });
  }

  it('is found out when a program does it wrongly', () => {
    const folder = folderOf({ sort: '#!/bin/sh\nexec cat\n' });
    const { passed, detail } = judgeFacts(
      run('dash', [script('texts')], { PATH: `${folder}:/usr/bin:/bin` }),
      TEXTS,
    );
    assert.equal(passed, false);
    assert.match(detail, /^sort: nothing, not apple 5/);
  });
});

describe('each script', () => {
  for (const name of readdirSync(join(import.meta.dirname, 'guest'))) {
    it(`can be read by the shell that runs it: ${name}`, () => {
      const { status, stderr } = spawnSync('dash', ['-n', join(import.meta.dirname, 'guest', name)]);
      assert.equal(status, 0, String(stderr));
    });
  }
});

describe('starts.sh', () => {
  it('gives each program its words, else --version, then --help', () => {
    const folder = folderOf({
      common: '#!/bin/sh\n[ "$1" = --version ] && echo common 1\n',
      helpful: '#!/bin/sh\n[ "$1" = --help ] && echo Usage\n',
      own: '#!/bin/sh\necho "$#:$*"; exit 3\n',
      'two words': '#!/bin/sh\nexit 0\n',
      lost: '#!/nowhere/interpreter\n',
      asks: '#!/bin/sh\nread -r line || exit 4\n',
      dies: '#!/bin/sh\nkill -SEGV $$\n',
    });
    const unusual = { own: { words: '-a *', status: 3, says: /^2:-a \*$/ } };
    const table = join(scratch, 'table');
    writeFileSync(table, startsTable(unusual));
    for (const shell of ['dash', 'bash']) {
      const answer = run(shell, [script('starts'), table, folder]);
      assert.match(answer.output, /\/two words\t--version\t0\t\n/);
      assert.match(answer.output, /\/helpful\t--version\t1\t\n.*\/helpful\t--help\t0\tUsage\n/);
      const { passed, detail } = judgeStarts(answer, unusual);
      assert.equal(passed, false);
      const names = [...detail.matchAll(/programs-\w+\/([a-z]+): --version/g)].map(([, name]) => name);
      assert.deepEqual(names, ['asks', 'dies', 'lost'], detail);
      assert.match(detail, /dies: --version: ended by signal 11/);
      assert.match(detail, /lost: --version: does not start, 12[67]/);
    }
  });

  it('ends a program that does not end, and goes on', () => {
    const folder = folderOf({ hangs: '#!/bin/sh\nexec sleep 60\n', late: '#!/bin/sh\nexit 0\n' });
    const table = join(scratch, 'empty');
    writeFileSync(table, '');
    const answer = run('dash', [script('starts'), table, folder], { LIMIT: '0.5' });
    assert.match(judgeStarts(answer, {}).detail, /^\S+\/hangs: --version: did not end.*--help: did not end/);
    assert.match(answer.output, /late\t--version\t0/);
  });
});

describe('libraries.sh', () => {
  const ls = readFileSync('/bin/ls');
  const interpreter = '#!/bin/sh\n';

  it('is content with programs that can start', () => {
    const folder = folderOf({ script: interpreter, 'by env': '#! /usr/bin/env sh\n', text: 'nothing\n' });
    writeFileSync(join(folder, 'ls'), ls, { mode: 0o755 });
    symlinkSync('ls', join(folder, 'dir'));
    for (const shell of ['dash', 'bash']) {
      const { passed, detail } = judgeLibraries(run(shell, [script('libraries'), folder]));
      assert.ok(passed, detail);
      assert.equal(detail, '1 programs and libraries, 2 scripts, 1 links');
    }
  });

  it('names what is missing', () => {
    const folder = folderOf({ script: '#!/nowhere/perl -w\n', 'by env': '#!/usr/bin/env nowhere\n' });
    const broken = Buffer.from(ls);
    broken.write('libX', broken.indexOf('libc.so.6\0'));
    writeFileSync(join(folder, 'ls'), broken, { mode: 0o755 });
    writeFileSync(join(folder, 'libcut.so.1'), ls.subarray(0, 200));
    symlinkSync('gone', join(folder, 'link'));
    const { passed, detail } = judgeLibraries(run('dash', [script('libraries'), folder]));
    assert.equal(passed, false);
    for (const fault of [
      /\/script: there is no interpreter \/nowhere\/perl/,
      /\/by env: env finds no nowhere/,
      /\/ls: .*libX\.so\.6/,
      /\/libcut\.so\.1: the loader ends with/,
      /\/link: leads to gone, which is not there/,
    ]) {
      assert.match(detail, fault);
    }
  });
});
