import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Problem, unwrap } from '#base';
import { readMirrors } from './mirrors.ts';
import { overlayPins, pinsByName, readPins } from './pins.ts';

const DIGEST = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);
const HTTPS = 'https://example.org/grep-3.11.tar.xz';

function problemOf(text: string): Problem {
  const read = readPins(text, 'conf/packages.list');
  assert.equal(read.ok, false, `accepted: ${text}`);
  return read.ok ? assert.fail() : read.problem;
}

test('a pin is five words; comments, blank lines and more white space do not matter', () => {
  const pins = unwrap(readPins(`# A comment.\n\n  grep  3.11\t${HTTPS} sha256:${DIGEST} 42\n`, 'p'));
  assert.deepEqual(pins, [
    {
      name: 'grep',
      version: '3.11',
      origin: { kind: 'https', url: HTTPS, text: HTTPS },
      digest: DIGEST,
      sizeBytes: 42,
      line: 3,
    },
  ]);
});

test('every kind of origin is read, with the archive inside the archive', () => {
  const origins = [
    'mirror://gnu/gcc/gcc-14.2.0.tar.xz',
    'apt:gcc-14=2:14.2.0-19+really~1/gcc-14_14.2.0.orig.tar.gz#gcc-14/gcc.tar.xz',
    'file:archives/gcc.tar#inner/gcc.tar.xz',
    'file:/srv/gcc.tar',
  ];
  const text = origins.map((origin) => `gcc 14.2.0 ${origin} sha256:${DIGEST} -`).join('\n');
  const pins = unwrap(readPins(text, 'conf/packages.list'));
  assert.deepEqual(
    pins.map(({ origin: { text: _, ...origin } }) => origin),
    [
      { kind: 'mirror', list: 'gnu', path: 'gcc/gcc-14.2.0.tar.xz' },
      {
        kind: 'apt',
        source: 'gcc-14',
        version: '2:14.2.0-19+really~1',
        file: 'gcc-14_14.2.0.orig.tar.gz',
        member: 'gcc-14/gcc.tar.xz',
      },
      { kind: 'file', path: 'conf/archives/gcc.tar', member: 'inner/gcc.tar.xz' },
      { kind: 'file', path: '/srv/gcc.tar' },
    ],
  );
  assert.equal(pins[0]?.sizeBytes, undefined);
});

test('the old form of three columns is refused with the command that pins it', () => {
  const problem = problemOf(`# Old.\ngrep 3.11 ${HTTPS}`);
  assert.equal(problem.kind, 'bad-pin');
  assert.equal(problem.subject, 'grep');
  assert.equal(problem.place, 'conf/packages.list:2');
  assert.match(problem.hint ?? '', new RegExp(`blazeneuro pin grep 3\\.11 ${HTTPS}$`));
});

for (const [what, line, expected] of [
  ['a word too few', `grep 3.11 ${HTTPS} sha256:${DIGEST}`, /found 4 words/],
  ['a word too many', `grep 3.11 ${HTTPS} sha256:${DIGEST} 1 2`, /found 6 words/],
  ['a name that could be an option', `-grep 3.11 ${HTTPS} sha256:${DIGEST} 1`, /Not a name/],
  ['a name with a slash', `a/b 3.11 ${HTTPS} sha256:${DIGEST} 1`, /Not a name/],
  ['a version with a slash', `grep 3/11 ${HTTPS} sha256:${DIGEST} 1`, /Not a version/],
  ['plain http', `grep 3.11 http://example.org/x sha256:${DIGEST} 1`, /Not an origin/],
  ['https without a host', `grep 3.11 https:// sha256:${DIGEST} 1`, /Not an origin/],
  ['a mirror path that climbs', `grep 3.11 mirror://gnu/../x sha256:${DIGEST} 1`, /Not an origin/],
  ['a mirror without a path', `grep 3.11 mirror://gnu sha256:${DIGEST} 1`, /Not an origin/],
  ['apt without a file', `grep 3.11 apt:grep=3.11-4 sha256:${DIGEST} 1`, /Not an origin/],
  ['apt with an option', `grep 3.11 apt:grep=3.11-4/-o sha256:${DIGEST} 1`, /Not an origin/],
  ['a member that climbs', `grep 3.11 ${HTTPS}#../x sha256:${DIGEST} 1`, /Not an origin/],
  ['a member with shell text', `grep 3.11 ${HTTPS}#$(x) sha256:${DIGEST} 1`, /Not an origin/],
  ['an empty file name', `grep 3.11 file: sha256:${DIGEST} 1`, /Not an origin/],
  ['a digest without its kind', `grep 3.11 ${HTTPS} ${DIGEST} 1`, /Not a digest/],
  ['a digest that is too short', `grep 3.11 ${HTTPS} sha256:${DIGEST.slice(1)} 1`, /Not a digest/],
  ['a digest of another kind', `grep 3.11 ${HTTPS} md5:${'a'.repeat(32)} 1`, /Not a digest/],
  ['a size of nothing', `grep 3.11 ${HTTPS} sha256:${DIGEST} 0`, /Not a size/],
  ['a size with a unit', `grep 3.11 ${HTTPS} sha256:${DIGEST} 3M`, /Not a size/],
] as const) {
  test(`${what} is refused, with what was expected`, () => {
    const problem = problemOf(line);
    assert.equal(problem.kind, 'bad-pin');
    assert.match(problem.message, expected);
    assert.match(problem.message, /[Ee]xpected/);
    assert.equal(problem.place, 'conf/packages.list:1');
  });
}

test('lines of one name may not disagree', () => {
  const first = `grep 3.11 ${HTTPS} sha256:${DIGEST} 1`;
  assert.match(problemOf(`${first}\ngrep 3.12 file:x sha256:${OTHER} 1`).message, /3\.12 here and to 3\.11/);
  assert.match(problemOf(`${first}\n${first}`).message, /origin of line 1 again/);
  assert.match(problemOf(`${first}\ngrep 3.11 file:x sha256:${DIGEST} 2`).message, /Another size/);
  assert.equal(readPins(`${first}\ngrep 3.11 file:x sha256:${DIGEST} -`, 'p').ok, true);
  assert.equal(readPins(`${first}\ngrep 3.11 file:x sha256:${OTHER} 2`, 'p').ok, true);
});

test('all bad lines are told at once', () => {
  const problem = problemOf(`grep 3.11 x y z\nsed 4.9 x y z\ntar 1.35 x y z`);
  assert.equal(problem.place, 'conf/packages.list:1');
  assert.deepEqual(
    problem.details?.map((detail) => detail.split(': ')[0]),
    ['conf/packages.list:2', 'conf/packages.list:3'],
  );
});

test('a name in an overlay takes the place of all lines of that name', () => {
  const below = unwrap(
    readPins(
      `grep 1 file:a sha256:${DIGEST} -\ngrep 1 file:b sha256:${DIGEST} -\nsed 1 file:c sha256:${DIGEST} -`,
      'p',
    ),
  );
  const above = unwrap(readPins(`grep 2 file:d sha256:${OTHER} -`, 'q'));
  const byName = pinsByName(overlayPins(below, above));
  assert.deepEqual(
    byName.get('grep')?.map((pin) => pin.version),
    ['2'],
  );
  assert.equal(byName.get('sed')?.length, 1);
});

test("the project's own lists are well formed, and every mirror they name is listed", () => {
  const folder = new URL('../../config/', import.meta.url);
  const pins = unwrap(
    readPins(readFileSync(new URL('packages.list', folder), 'utf8'), 'config/packages.list'),
  );
  const mirrors = unwrap(
    readMirrors(readFileSync(new URL('mirrors.list', folder), 'utf8'), 'config/mirrors.list'),
  );
  assert.ok(pins.length > 90);
  for (const { origin } of pins)
    if (origin.kind === 'mirror') assert.ok(mirrors.has(origin.list), origin.text);
});

test('a mirror must be an https folder', () => {
  assert.equal(readMirrors('gnu https://example.org/gnu/', 'm').ok, true);
  for (const address of ['http://example.org/', 'https://example.org/gnu', 'https://a/ https://b/']) {
    const read = readMirrors(`# x\ngnu ${address}`, 'mirrors.list');
    assert.equal(read.ok, false);
    if (!read.ok) assert.equal(read.problem.place, 'mirrors.list:2');
  }
});
