import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeStarts } from './judge-starts.ts';
import { type Start, startsTable, UNUSUAL_STARTS } from './unusual-starts.ts';

const unusual: Readonly<Record<string, Start>> = {
  false: { words: '', status: 1 },
  ssh: { words: '-V', says: /^OpenSSH/ },
  chmem: { words: '--version', status: [0, 1], says: /^chmem/ },
};

function judge(lines: readonly string[], count = lines.length, exitCode = 0) {
  const starts = lines.map((line) => `start\t${line}`);
  return judgeStarts({ output: [...starts, `looked at\t${count}`].join('\n'), exitCode }, unusual);
}
function fails(lines: readonly string[], detail: RegExp, count?: number) {
  const judgement = judge(lines, count);
  assert.equal(judgement.passed, false);
  assert.match(judgement.detail, detail);
}

describe('what starts.sh tried', () => {
  it('passes when each program started by one of its attempts', () => {
    const lines = [
      '/usr/bin/ls\t--version\t0\tls 9.7',
      '/usr/bin/false\t\t1\t',
      '/usr/bin/ssh\t-V\t0\tOpenSSH_10',
      '/usr/bin/chmem\t--version\t1\tchmem: Failed',
      '/usr/sbin/ifup\t--version\t1\t?',
      '/usr/sbin/ifup\t--help\t0\tusage',
    ];
    assert.deepEqual(judge(lines, 5), { passed: true, detail: '5 programs' });
  });

  it('says of each that did not start how it ended', () => {
    fails(
      ['/usr/bin/x\t--version\t127\tno lib', '/usr/bin/x\t--help\t127\tno lib'],
      /x: .*does not start/,
      1,
    );
    fails(
      ['/usr/bin/x\t--version\t126\t', '/usr/bin/x\t--help\t1\t'],
      /does not start, 126.*ended with 1/,
      1,
    );
    fails(['/usr/bin/x\t--version\t139\t', '/usr/bin/x\t--help\t132\t'], /signal 11.*signal 4/, 1);
    fails(['/usr/bin/x\t--version\t137\t', '/usr/bin/x\t--help\t137\t'], /did not end/, 1);
    fails(['/usr/bin/new\t--version\t1\t', '/usr/bin/new\t--help\t1\t'], /unusual-starts\.ts$/, 1);
  });

  it('holds a program that is listed to what the list says', () => {
    fails(['/usr/bin/false\t\t0\t'], /^\/usr\/bin\/false: by itself: ended with 0$/);
    fails(['/usr/bin/ssh\t-V\t0\tsomething else'], /ssh: -V: ended with 0 \(something else\)$/);
    fails(['/usr/bin/ssh\t-V\t255\tOpenSSH_10'], /ended with 255/);
    fails(['/usr/bin/chmem\t--version\t2\tchmem'], /ended with 2/);
  });

  it('does not take a script that broke off, or tried nothing, for a good word', () => {
    fails([], /no program at all/);
    fails(['/usr/bin/ls\t--version\t0\tls'], /1 of 2 programs/, 2);
    const cut = judgeStarts({ output: 'start\t/usr/bin/ls\t--version\t0\tls', exitCode: 0 }, unusual);
    assert.equal(cut.passed, false);
    assert.equal(judge(['/usr/bin/ls\t--version\t0\tls'], 1, 1).passed, false);
  });
});

describe('the table of unusual starts', () => {
  it('is a name and its words on each line', () => {
    assert.equal(startsTable(unusual), 'false\t\nssh\t-V\nchmem\t--version\n');
  });

  it('holds nothing that a shell could take for more than words', () => {
    for (const [name, { words }] of Object.entries(UNUSUAL_STARTS)) {
      assert.match(`${name} ${words}`, /^[\w+. -]+$/, name);
    }
  });
});
