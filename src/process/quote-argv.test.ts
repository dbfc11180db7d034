import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { quoteArgv } from './quote-argv.ts';
import { runProgram } from './run-program.ts';

describe('an argv quoted for a shell', () => {
  it('leaves plain words bare and quotes the others', () => {
    assert.equal(quoteArgv(['mcopy', '-i', 'disk.img@@1M']), 'mcopy -i disk.img@@1M');
    assert.equal(quoteArgv(['echo', 'a b', "it's", '', 'A=1', '~']), `echo 'a b' 'it'\\''s' '' 'A=1' '~'`);
  });

  it('is read back as the same words by a shell', async () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1 }), async (words) => {
        const script = quoteArgv(['printf', '%s\\0', ...words]);
        const result = await runProgram({ argv: ['sh', '-c', script], env: { PATH: '/usr/bin:/bin' } });
        assert.equal(result.stdout, words.map((text) => `${text}\0`).join(''));
      }),
      { numRuns: 40 },
    );
  });
});
