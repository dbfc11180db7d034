import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joinShell, sh } from './sh.ts';

describe('shell text', () => {
  it('loses its common indentation and the lines of the quotes', () => {
    const text = sh`
      for name in a b; do
        echo $name
      done
    `;
    assert.equal(text, 'for name in a b; do\n  echo $name\ndone');
  });

  it('keeps every backslash', () => {
    assert.equal(sh`sed 's/\(a\)/\1\n/' \$x`, String.raw`sed 's/\(a\)/\1\n/' \$x`);
  });

  it('does not count empty lines as indentation, and keeps them', () => {
    const text = sh`
      one

      two
    `;
    assert.equal(text, 'one\n\ntwo');
  });

  it('takes text and lists of words in', () => {
    assert.equal(sh`make ${['-C', 'po']} ${'install'} ${[]}x`, 'make -C po install x');
  });

  it('may be empty, or one line', () => {
    assert.equal(sh``, '');
    assert.equal(sh`make`, 'make');
  });

  it('is joined from the pieces that are there', () => {
    assert.equal(joinShell(undefined, sh`cd build`, '', sh`make`), 'cd build\nmake');
    assert.equal(joinShell(undefined), '');
  });
});
