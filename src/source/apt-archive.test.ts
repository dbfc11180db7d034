import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AptArchive, findArchive, privateList } from './apt-archive.ts';

const stanzas = (text: string): AptArchive | undefined => findArchive([{ name: 'debian.sources', text }]);
const lines = (text: string): AptArchive | undefined =>
  findArchive([{ name: '/etc/apt/sources.list', text }]);

test('the main archive is found among deb822 stanzas, with its key', () => {
  const found = stanzas(`# A comment.
Types: deb
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb deb-src
# Another comment.
URIs:
 https://mirror.example/pub/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian.gpg
`);
  assert.deepEqual(found, {
    uri: 'https://mirror.example/pub/debian',
    signedBy: '/usr/share/keyrings/debian.gpg',
  });
});

test('the main archive is found among one-line entries, with or without options', () => {
  assert.deepEqual(lines('deb http://mirror.example/debian/ stable main # comment'), {
    uri: 'http://mirror.example/debian/',
  });
  assert.deepEqual(
    lines(
      '# deb http://off.example/debian sid main\ndeb [arch=amd64 signed-by=/k.gpg] http://a.example/debian sid main',
    ),
    { uri: 'http://a.example/debian', signedBy: '/k.gpg' },
  );
});

test('third parties, side suites and disabled entries are not the main archive', () => {
  for (const line of [
    'deb https://third.example/linux/debian bookworm stable',
    'deb https://third.example/apt bookworm main',
    'deb http://mirror.example/debian bookworm-updates main',
    'deb http://mirror.example/debian-security bookworm-security main',
    'deb http://mirror.example/debian bookworm non-free-firmware',
    'deb http://archive.example/ubuntu noble main',
    'deb file:/srv/debian bookworm main',
    '#deb http://mirror.example/debian bookworm main',
  ]) {
    assert.equal(lines(line), undefined, line);
  }
  const off = 'Enabled: no\nTypes: deb\nURIs: http://a.example/debian\nSuites: sid\nComponents: main\n';
  assert.equal(stanzas(off), undefined);
  assert.ok(stanzas(off.replace('no', 'yes')));
});

test('a key that stands in the entry itself is left to the keys that apt trusts', () => {
  const found = stanzas(`Types: deb
URIs: http://a.example/debian
Suites: sid
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY
 -----END PGP PUBLIC KEY BLOCK-----
`);
  assert.deepEqual(found, { uri: 'http://a.example/debian' });
});

test('the private list has the sources of every suite, at the same address', () => {
  assert.equal(
    privateList({ uri: 'http://a.example/debian', signedBy: '/k.gpg' }),
    ['bookworm', 'trixie', 'sid']
      .map((suite) => `deb-src [signed-by=/k.gpg] http://a.example/debian ${suite} main\n`)
      .join(''),
  );
});
