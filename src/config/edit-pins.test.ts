import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfBytes, unwrap } from '#base';
import { editPins, type PinWords, pinText } from './edit-pins.ts';
import { readPinLines, readPins, readPinsOf } from './pins.ts';

const DIGEST = digestOfBytes('x');
const LIST = `# Pins, by hand.

grep  3.11   https://a.example/grep-3.11.tar.xz  sha256:${DIGEST}  12
# Debian's copy.
grep  3.11   apt:grep=3.11-4/grep_3.11.orig.tar.xz  sha256:${DIGEST}  12
\tsed 4.9 mirror://gnu/sed/sed-4.9.tar.xz
tree 1 somewhere else is wrong
`;

const words = (changes: Partial<PinWords> = {}): PinWords => ({
  name: 'grep',
  version: '3.12',
  origin: 'https://a.example/grep-3.12.tar.xz',
  digest: DIGEST,
  sizeBytes: 13,
  ...changes,
});

test('lines get other words, go and come, and everything else stays as it was', () => {
  const edited = editPins(LIST, [
    { kind: 'replace', line: 3, words: words() },
    { kind: 'drop', line: 5 },
    { kind: 'add', words: words({ origin: 'https://b.example/grep-3.12.tar.xz' }) },
  ]);
  const expected = LIST.split('\n');
  expected[2] = `grep  3.12   https://a.example/grep-3.12.tar.xz  sha256:${DIGEST}  13`;
  expected[4] = pinText(words({ origin: 'https://b.example/grep-3.12.tar.xz' }));
  assert.equal(edited, expected.join('\n'));
});

test('a line of the old form gets its digest, and keeps its tab', () => {
  const edited = editPins(LIST, [
    {
      kind: 'replace',
      line: 6,
      words: words({ name: 'sed', version: '4.9', origin: 'mirror://gnu/sed/sed-4.9.tar.xz' }),
    },
  ]);
  assert.equal(edited.split('\n')[5], `\tsed 4.9 mirror://gnu/sed/sed-4.9.tar.xz sha256:${DIGEST} 13`);
});

test('a new name stands at the end, and a list that was not there can be read', () => {
  const add = { kind: 'add', words: words({ name: 'new' }) } as const;
  assert.equal(editPins(LIST, [add]), `${LIST}${pinText(add.words)}\n`);
  assert.equal(editPins('# No line end', [add]), `# No line end\n${pinText(add.words)}\n`);
  assert.deepEqual(
    unwrap(readPins(editPins('', [add]), 'list')).map(({ name, version }) => [name, version]),
    [['new', '3.12']],
  );
});

test('the lines of one name can be read whatever is wrong with others, and without a digest', () => {
  const grep = unwrap(readPinLines(LIST, 'grep', 'list'));
  assert.deepEqual(
    grep.map(({ line, digest, sizeBytes }) => [line, digest, sizeBytes]),
    [
      [3, DIGEST, 12],
      [5, DIGEST, 12],
    ],
  );
  const [sed] = unwrap(readPinLines(LIST, 'sed', 'list'));
  assert.deepEqual([sed?.line, sed?.digest, sed?.version], [6, undefined, '4.9']);
  assert.deepEqual(unwrap(readPinLines(LIST, 'none', 'list')), []);
  const wrong = readPinLines(LIST, 'tree', 'list');
  assert.ok(!wrong.ok && wrong.problem.place === 'list:7');
});

test('what a list means for one name is what the whole list would mean, lines of the old form aside', () => {
  assert.equal(unwrap(readPinsOf(LIST, 'grep', 'list')).length, 2);
  assert.deepEqual(unwrap(readPinsOf(LIST, 'sed', 'list')), []);
  const twice = readPinsOf(
    LIST.replaceAll('apt:grep=3.11-4/grep_3.11.orig.tar.xz', 'https://a.example/grep-3.11.tar.xz'),
    'grep',
    'list',
  );
  assert.ok(!twice.ok && twice.problem.place === 'list:5');
});
