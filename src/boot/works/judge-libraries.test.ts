import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeLibraries } from './judge-libraries.ts';

const LOOKED_AT = 'looked at\telf 546\tscripts 50\tlinks 87';

describe('what libraries.sh found', () => {
  it('passes when it looked at programs and has no fault to tell', () => {
    const { passed, detail } = judgeLibraries({ output: LOOKED_AT, exitCode: 0 });
    assert.equal(passed, true);
    assert.equal(detail, '546 programs and libraries, 50 scripts, 87 links');
  });

  it('names every file with a fault', () => {
    const output = `fault\t/usr/bin/a\tlibx.so.1 => not found;\nfault\t/usr/bin/b\tleads to c, which is not there\n${LOOKED_AT}`;
    const { passed, detail } = judgeLibraries({ output, exitCode: 0 });
    assert.equal(passed, false);
    assert.equal(detail, '/usr/bin/a: libx.so.1 => not found;; /usr/bin/b: leads to c, which is not there');
  });

  it('does not take a script that looked at nothing, or broke off, for a good word', () => {
    for (const [output, exitCode] of [
      ['', 0],
      ['find: not found', 127],
      [LOOKED_AT, 1],
      ['looked at\telf 0\tscripts 50\tlinks 87', 0],
      ['looked at\telf 546\tscripts 0\tlinks 87', 0],
    ] as const) {
      assert.equal(judgeLibraries({ output, exitCode }).passed, false, output);
    }
  });
});
