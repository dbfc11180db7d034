import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tellingLines } from './telling-lines.ts';

const NOISE = Array.from({ length: 40 }, (_, index) => `gcc -c file${index}.c`);

describe('the lines that tell why a phase failed', () => {
  it('are its last ones', () => {
    const lines = tellingLines(`\n==> build\n${NOISE.join('\n')}\n`, 'build');
    assert.deepEqual(lines, NOISE.slice(-20));
  });

  it('begin with its first errors, when these are far above', () => {
    const log = ['', '==> build', 'a.c:1: error: no', 'b.c:2:5: fatal error: x.h: No such file', ...NOISE];
    assert.deepEqual(tellingLines(log.join('\n'), 'build'), [
      'a.c:1: error: no',
      'b.c:2:5: fatal error: x.h: No such file',
      '…',
      ...NOISE.slice(-20),
    ]);
  });

  it('are not those of the phases before', () => {
    const log = '\n==> configure\nchecking for foo... error: no foo\n\n==> build\nfalse\n';
    assert.deepEqual(tellingLines(log, 'build'), ['false']);
  });

  it('are those of the whole log, where no phase began', () => {
    assert.deepEqual(tellingLines('bwrap: no namespaces\n', 'sandbox'), ['bwrap: no namespaces']);
  });

  it('are no longer than a person reads', () => {
    assert.equal(tellingLines('x'.repeat(10_000), 'build')[0]?.length, 400);
  });
});
