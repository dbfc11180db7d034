import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Seen, whatFailed } from './seen.ts';
import { surrounded } from './surround.ts';
import { IMAGE_VARIATIONS } from './variation.ts';

const program = { argv: ['node', 'assemble'], env: { PATH: '/usr/bin' } };

test('without other surroundings a program is started as it is', () => {
  assert.deepEqual(surrounded(program, {}, []), program);
});

test('surroundings are put around a program from the outside in: what takes root comes first', () => {
  const start = surrounded(
    program,
    {
      user: { uid: 7, gid: 8 },
      umask: '0077',
      hostName: 'other',
      oneCore: 1,
      machine: 'i686',
      env: { TZ: 'UTC' },
    },
    [{ from: '/store', to: '/shown' }],
  );
  const words = ['unshare', 'taskset', 'setarch', 'setpriv', 'umask', 'node'].map((word) =>
    start.argv.indexOf(word),
  );
  assert.deepEqual(
    words,
    [...words].sort((a, b) => a - b),
  );
  assert.ok(!words.includes(-1));
  assert.deepEqual(start.argv.slice(-2), program.argv);
  assert.deepEqual(start.env, { PATH: '/usr/bin', TZ: 'UTC' });
});

test('at least twelve things are varied, each under a name of its own', () => {
  assert.ok(IMAGE_VARIATIONS.length >= 12);
  assert.equal(new Set(IMAGE_VARIATIONS.map(({ name }) => name)).size, IMAGE_VARIATIONS.length);
});

test('a variation that did not come about is told', () => {
  const seen: Seen = {
    uid: 0,
    umask: 0o022,
    hostName: 'host',
    machine: 'x86_64',
    personality: 0,
    cores: 2,
    timeZone: 'UTC',
    locale: 'en-US',
    environment: {},
    clockSeconds: 1e9,
    toolClocksSeconds: [1e9 + 400 * 86_400],
    fileSystem: 0xef53,
  };
  for (const { name, surroundings } of IMAGE_VARIATIONS) {
    if (surroundings.place === 'long-name') continue;
    assert.notDeepEqual(whatFailed(surroundings, seen, 1e9), [], name);
  }
  assert.deepEqual(whatFailed({ clockDays: 400 }, seen, 1e9), ['a clock 400 days ahead, but 1000000000']);
});
