import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digestOfBytes } from '#base';
import { artifactDigest, type Entry, manifestOf } from './manifest.ts';

const OWNER = { uid: 0, gid: 0 };
const ENTRIES: readonly Entry[] = [
  { type: 'directory', path: '/usr', mode: '0755', ...OWNER },
  { type: 'file', path: '/usr/x', sha256: digestOfBytes('x'), sizeBytes: 1, mode: '0644', ...OWNER },
  { type: 'symlink', path: '/usr/y', target: 'x' },
  { type: 'directory', path: '/usr-local', mode: '0755', ...OWNER },
];

describe('the manifest of an artifact', () => {
  it('artifact digest is stable', () => {
    // Another digest here makes every artifact of every store out there unknown: only ever on purpose.
    const expected = '95f19eac0e8205d6f903aafcaddac5c289c246ee30ccf3020796b40a55fcd4b0';
    assert.equal(artifactDigest(manifestOf(ENTRIES)), expected);
  });

  it('is sorted by code unit, whatever order the entries come in', () => {
    const paths = ['/usr', '/usr-local', '/usr/x', '/usr/y'];
    fc.assert(
      fc.property(fc.shuffledSubarray([...ENTRIES], { minLength: 4, maxLength: 4 }), (entries) => {
        assert.deepEqual(
          manifestOf(entries).entries.map(({ path }) => path),
          paths,
        );
      }),
    );
  });

  it('has another digest when any fact of any entry is another', () => {
    const digests = new Set([artifactDigest(manifestOf(ENTRIES))]);
    let changes = 0;
    for (const [at, entry] of ENTRIES.entries()) {
      for (const [name, value] of Object.entries(entry)) {
        const other = typeof value === 'number' ? value + 1 : `${value}0`;
        const changed = ENTRIES.with(at, { ...entry, [name]: other } as Entry);
        digests.add(artifactDigest(manifestOf(changed)));
        changes += 1;
      }
    }
    assert.equal(digests.size, changes + 1);
  });
});
