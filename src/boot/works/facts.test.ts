import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeFacts } from './facts.ts';

const expected = { sum: '500500', home: /^\/home\// };
const GOOD = 'fact\tsum\t500500 \nsome words\nfact\thome\t/home/tester';

function judge(output: string, exitCode = 0) {
  return judgeFacts({ output, exitCode }, expected);
}
function fails(output: string, detail: RegExp, exitCode = 0) {
  const judgement = judge(output, exitCode);
  assert.equal(judgement.passed, false);
  assert.match(judgement.detail, detail);
}

describe('facts of a script of work', () => {
  it('must all be said, and be as they should', () => {
    assert.deepEqual(judge(GOOD), { passed: true, detail: '2 facts' });
    fails('fact\tsum\t500499\nfact\thome\t/home/x', /^sum: 500499, not 500500$/);
    fails('fact\tsum\t500500\nfact\thome\t', /^home: nothing, not \/\^/);
    fails('fact\tsum\t500500', /^home: not said$/);
    fails(`${GOOD}\nfact\tmore\tx`, /^more: nobody knows/);
  });

  it('do not hide how the script ended', () => {
    fails(`${GOOD}\nawk: no such file`, /^ended with 2: .*awk: no such file$/, 2);
    fails('dash: 0: cannot open x.sh', /^ended with 2: dash: 0: cannot open/, 2);
    fails('', /^ended with 0: without a word$/);
  });

  it('name what was left out', () => {
    assert.equal(judge('lacks nano').detail, 'left out: there is no nano');
    fails('lacks nano\nfact\tsum\t1', /sum: 1/);
    const packed = judgeFacts(
      { output: 'fact\tby zstd\tleft out', exitCode: 0 },
      { 'by zstd': /^(?:same|left out)$/ },
    );
    assert.deepEqual(packed, { passed: true, detail: '1 facts; left out: by zstd' });
  });
});
