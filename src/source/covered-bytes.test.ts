import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { digestOfBytes } from '#base';
import type { Fetched } from './fetch-sources.ts';
import { makeKey, openSignedRig, pinOf, type SignedRig, sign, webOrigin } from './testing-signatures.ts';

// More than a pipe holds, so that it is read while it is unpacked.
const TAR = Buffer.alloc(300_000, 'not really a tar, but nobody looks into it. ');
const jim = makeKey('jim');

async function fetchSigned(rig: SignedRig, archive: Uint8Array, ending: string): Promise<Fetched> {
  rig.served.set(`/grep.tar${ending}`, archive);
  const pinned = await rig.pinSignature([await jim], { covers: 'tar', location: '.sign' });
  return rig.fetch([pinOf(archive, webOrigin(`${rig.url}/grep.tar${ending}`))], pinned);
}

describe('a signature of the tar before it was compressed', () => {
  for (const [program, ending] of [
    ['xz', '.xz'],
    ['gzip', '.gz'],
    ['bzip2', '.bz2'],
    ['zstd', '.zst'],
  ] as const) {
    test(`is good for what ${program} made of it, and not for another tar`, async (t) => {
      const rig = await openSignedRig(t);
      const archive = execFileSync(program, ['-c'], { input: TAR });
      rig.served.set('/grep.tar.sign', await sign(Buffer.from('another tar'), await jim));
      const problem = await rig.refusal(await fetchSigned(rig, archive, ending), digestOfBytes(archive));
      assert.match(problem.message, /is of other bytes/);

      rig.served.set('/grep.tar.sign', await sign(TAR, await jim));
      const fetched = await fetchSigned(rig, archive, ending);
      assert.ok(fetched.ok);
      assert.equal(fetched.value.get('grep')?.vouched?.signer?.name, 'jim <jim@example.org>');
    });
  }

  test('is not one of the compressed file', async (t) => {
    const rig = await openSignedRig(t);
    const archive = execFileSync('xz', ['-c'], { input: TAR });
    rig.served.set('/grep.tar.sign', await sign(archive, await jim));
    const problem = await rig.refusal(await fetchSigned(rig, archive, '.xz'), digestOfBytes(archive));
    assert.match(problem.message, /is of other bytes/);
  });

  test('cannot be judged when the archive cannot be unpacked, and is refused then', async (t) => {
    const rig = await openSignedRig(t);
    rig.served.set('/grep.tar.sign', await sign(TAR, await jim));
    const broken = execFileSync('xz', ['-c'], { input: TAR }).subarray(0, 60);
    const problem = await rig.refusal(await fetchSigned(rig, broken, '.xz'), digestOfBytes(broken));
    assert.match(problem.message, /cannot be judged: xz exited with 1/);
    rig.served.set('/grep.tar.lzma2.sign', await sign(TAR, await jim));
    const odd = await rig.refusal(await fetchSigned(rig, TAR, '.lzma2'), digestOfBytes(TAR));
    assert.match(odd.message, /has no ending that says how to get its tar/);
  });
});
