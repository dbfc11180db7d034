import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '#base';
import { parseFragment } from './parse-fragment.ts';

const parse = (text: string) => parseFragment({ file: 'base.config', text });

test('values, unset options, comments and empty lines are read', () => {
  const text =
    '# Comment.\n\nCONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=64\nCONFIG_D="a \\"b\\""\nCONFIG_E=0x10\n';
  assert.deepEqual(
    unwrap(parse(text)).map(({ option, value, place }) => [option, value, place]),
    [
      ['A', 'y', 'base.config:3'],
      ['B', 'n', 'base.config:4'],
      ['C', '64', 'base.config:5'],
      ['D', '"a \\"b\\""', 'base.config:6'],
      ['E', '0x10', 'base.config:7'],
    ],
  );
});

for (const line of [
  'CONFIG_A = y',
  'CONFIG_A=yes',
  'A=y',
  'CONFIG_A',
  'CONFIG_A="open',
  ' CONFIG_A=y',
  '#CONFIG_A is not set',
  '# CONFIG_A is not set any more',
  'CONFIG_A=y # Comment.',
]) {
  test(`a line that kconfig would pass over is a problem with its place: ${line}`, () => {
    const result = parse(`CONFIG_OK=y\n${line}\n`);
    assert.equal(result.ok, false);
    assert.equal(result.problem.place, 'base.config:2');
    assert.equal(result.problem.kind, 'bad-profile');
  });
}
