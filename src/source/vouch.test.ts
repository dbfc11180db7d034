import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type * as openpgp from 'openpgp';
import { type Digest, digestOfBytes } from '#base';
import type { Pin } from '#recipe';
import { describeFetched } from './describe-fetched.ts';
import type { Fetched } from './fetch-sources.ts';
import {
  fileOrigin,
  fingerprintOf,
  makeKey,
  openSignedRig,
  pinOf,
  type Served,
  type SignedRig,
  sign,
  webOrigin,
} from './testing-signatures.ts';

const BYTES = Buffer.from('the right bytes');
const DIGEST = digestOfBytes(BYTES);
const SIGNER = 'jim <jim@example.org>';

/** Who vouched for the source, as data; `undefined` for its digest alone. */
function signerOf(fetched: Fetched): string | undefined {
  assert.ok(fetched.ok, fetched.ok ? '' : fetched.problems[0]?.message);
  return fetched.value.get('grep')?.vouched?.signer?.name;
}

function linesOf(fetched: Fetched): string {
  return fetched.ok ? describeFetched(fetched.value.values()).join('\n') : '';
}

function keptPath(rig: SignedRig, digest: Digest = DIGEST): string {
  return join(rig.folder, 'store', 'state', 'signatures', `${digest}.json`);
}

test('a good signature vouches for a source besides its digest, in the event, in the line, and in later runs', async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  const signature = await sign(BYTES, key);
  rig.served.set('/grep.tar', BYTES).set('/grep.tar.sig', signature);
  const pins = [pinOf(BYTES, webOrigin(`${rig.url}/grep.tar`))];
  const pinned = await rig.pinSignature([key]);

  const fetched = await rig.fetch(pins, pinned);
  const byBoth = `verified by digest and signature by ${SIGNER} ${fingerprintOf(key)}`;
  assert.equal(linesOf(fetched), `grep 3.11, 15 B: from ${rig.url}/grep.tar, ${byBoth}`);
  const kept = JSON.parse(await readFile(keptPath(rig), 'utf8')) as { readonly signature: string };
  assert.deepEqual(new Uint8Array(Buffer.from(kept.signature, 'base64')), signature);

  rig.served.clear();
  const again = await rig.fetch(pins, pinned, { order: ['file'] });
  assert.equal(linesOf(again), `grep 3.11, 15 B: in the store already (${rig.url}/grep.tar), ${byBoth}`);
  const signer = { name: SIGNER, fingerprint: fingerprintOf(key) };
  const finished = rig.events.filter((event) => event.type === 'source-finished');
  assert.deepEqual(
    finished.map((event) => [event.outcome, event.signer]),
    [
      ['fetched', signer],
      ['present', signer],
    ],
  );
});

test('what vouched in an earlier run does so no more once that key may not sign, or its record is damaged', async (t) => {
  const rig = await openSignedRig(t);
  const [jim, eve] = await Promise.all([makeKey('jim'), makeKey('eve')]);
  rig.served.set('/grep.tar', BYTES).set('/grep.tar.sig', await sign(BYTES, jim));
  const pins = [pinOf(BYTES, webOrigin(`${rig.url}/grep.tar`))];
  const pinned = await rig.pinSignature([jim, eve]);
  assert.equal(signerOf(await rig.fetch(pins, pinned)), SIGNER);
  assert.equal(signerOf(await rig.fetch(pins, { ...pinned, fingerprints: [fingerprintOf(eve)] })), undefined);
  await writeFile(keptPath(rig), '{');
  const byDigest = await rig.fetch(pins, pinned);
  assert.match(linesOf(byDigest), /verified by digest \(no signature: none is kept with it\)$/);
  const notes = rig.events.filter((event) => event.type === 'note');
  assert.match(notes[0]?.message ?? '', /is damaged/);
});

describe('a signature that is not good is refused though the digest is right:', () => {
  const faults: Record<string, readonly [fault: RegExp, make: () => Promise<Uint8Array>]> = {
    'one by a key that is not pinned': [
      /may not sign this source/,
      async () => sign(BYTES, await makeKey('eve')),
    ],
    'one of another file': [/is of other bytes/, async () => sign(Buffer.from('x'), await jim)],
    'a page instead': [/is not an OpenPGP signature/, async () => Buffer.from('<html>Not found</html>')],
    'an endless one': [/is not an OpenPGP signature/, async () => Buffer.alloc(8 * 1024 * 1024)],
  };
  const jim = makeKey('jim');
  for (const [name, [fault, make]] of Object.entries(faults)) {
    test(`${name}; nothing is kept, and the next origin is tried`, async (t) => {
      const rig = await openSignedRig(t);
      rig.served.set('/bad.tar', BYTES).set('/bad.tar.sig', await make());
      const bad = pinOf(BYTES, webOrigin(`${rig.url}/bad.tar`));
      const pinned = await rig.pinSignature([await jim]);
      const problem = await rig.refusal(await rig.fetch([bad], pinned), DIGEST);
      assert.deepEqual(
        [problem.kind, problem.subject, problem.place],
        ['bad-signature', 'grep', pinned.place],
      );
      assert.match(problem.message, fault);
      assert.match(problem.message, /signature http\S+\/bad\.tar\.sig /);
      assert.match(problem.hint ?? '', /keyring/);

      rig.served.set('/good.tar', BYTES).set('/good.tar.sig', await sign(BYTES, await jim));
      const good = pinOf(BYTES, webOrigin(`${rig.url}/good.tar`));
      const fetched = await rig.fetch([bad, good], pinned);
      assert.equal(signerOf(fetched), SIGNER);
      assert.match(linesOf(fetched), /good\.tar/);
      const failed = rig.events.filter((event) => event.type === 'origin-failed');
      assert.match(failed.at(-1)?.reason ?? '', /gave the right bytes, but the signature/);
    });
  }
});

test('wrong bytes are refused by their digest, and nobody asks for a signature of them', async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  const wrong = Buffer.from('the wrong bytes');
  rig.served.set('/grep.tar', wrong).set('/grep.tar.sig', await sign(wrong, key));
  const pins = [pinOf(BYTES, webOrigin(`${rig.url}/grep.tar`))];
  const problem = await rig.refusal(await rig.fetch(pins, await rig.pinSignature([key])), DIGEST);
  assert.equal(problem.kind, 'digest-mismatch');
  assert.deepEqual(rig.asked, ['/grep.tar']);
});

test('where an origin has no signature the digest decides alone, and it is said why', async (t) => {
  const rig = await openSignedRig(t);
  rig.served.set('/grep.tar', BYTES);
  const pinned = await rig.pinSignature([await makeKey('jim')]);
  const fetched = await rig.fetch([pinOf(BYTES, webOrigin(`${rig.url}/grep.tar`))], pinned);
  assert.equal(signerOf(fetched), undefined);
  assert.match(linesOf(fetched), /, verified by digest \(no signature: answered 404\)$/);
});

test('a run that is stopped before it has the signature keeps nothing: the next one asks for it again', async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  const stop = new AbortController();
  rig.served.set('/grep.tar', BYTES).set('/grep.tar.sig', () => stop.abort());
  const pins = [pinOf(BYTES, webOrigin(`${rig.url}/grep.tar`))];
  const pinned = await rig.pinSignature([key]);
  const problem = await rig.refusal(await rig.fetch(pins, pinned, { signal: stop.signal }), DIGEST);
  assert.equal(problem.kind, 'interrupted');
  rig.served.set('/grep.tar.sig', await sign(BYTES, key));
  assert.equal(signerOf(await rig.fetch(pins, pinned)), SIGNER);
});

test('a signature is had by way of a redirect, but never from plain http or for ever', async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  const to =
    (location: string): Served =>
    (response) =>
      response.writeHead(302, { location }).end();
  const pinned = await rig.pinSignature([key]);
  const fetchBy = async (step: Served): Promise<Fetched> => {
    const bytes = Buffer.from(String(rig.served.size));
    const path = `/${rig.served.size}.tar`;
    rig.served
      .set(path, bytes)
      .set(`${path}.sig`, step)
      .set('/signature', await sign(bytes, key));
    return rig.fetch([pinOf(bytes, webOrigin(`${rig.url}${path}`))], pinned);
  };
  assert.equal(signerOf(await fetchBy(to('/signature'))), SIGNER);
  assert.match(linesOf(await fetchBy(to('http://a.example/sig'))), /no signature: led to .* not https\)/);
  rig.served.set('/circle', to('/circle'));
  assert.match(linesOf(await fetchBy(to('/circle'))), /no signature: more than 5 redirects\)/);
});

test('hosts of a mirror list are asked for the signature in turn, and one good one is enough', async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  const mirrors = new Map([['gnu', ['a', 'b', 'c'].map((host) => `${rig.url}/${host}/`)]]);
  for (const host of ['a', 'b', 'c']) rig.served.set(`/${host}/grep.tar`, BYTES);
  const soft404 = Buffer.from('<html>');
  rig.served.set('/a/grep.tar.sig', soft404).set('/b/grep.tar.sig', soft404);
  const pin: Pin = pinOf(BYTES, {
    kind: 'mirror',
    list: 'gnu',
    path: 'grep.tar',
    text: 'mirror://gnu/grep.tar',
  });
  const pinned = await rig.pinSignature([key]);
  const problem = await rig.refusal(await rig.fetch([pin], pinned, { mirrors }), DIGEST);
  assert.equal(problem.kind, 'bad-signature');
  rig.served.set('/c/grep.tar.sig', await sign(BYTES, key));
  assert.equal(signerOf(await rig.fetch([pin], pinned, { mirrors })), SIGNER);
});

test('the signature may have an origin of its own', async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  await writeFile(join(rig.folder, 'copy'), BYTES);
  rig.served.set('/signatures/grep', await sign(BYTES, key));
  const location = webOrigin(`${rig.url}/signatures/grep`);
  const pins = [pinOf(BYTES, fileOrigin(join(rig.folder, 'copy')))];
  assert.equal(signerOf(await rig.fetch(pins, await rig.pinSignature([key], { location }))), SIGNER);
});

test("bytes that are not upstream's are not held against upstream's signature", async (t) => {
  const rig = await openSignedRig(t);
  const key = await makeKey('jim');
  const repacked = Buffer.from('repacked');
  rig.served.set('/repacked.tar', repacked).set('/repacked.tar.sig', await sign(BYTES, key));
  const pins = [
    pinOf(BYTES, webOrigin(`${rig.url}/gone.tar`)),
    pinOf(repacked, webOrigin(`${rig.url}/repacked.tar`)),
  ];
  const fetched = await rig.fetch(pins, await rig.pinSignature([key]));
  assert.match(linesOf(fetched), /verified by digest \(no signature: upstream signed other bytes\)$/);
});

test('a key that may sign is looked for by its fingerprint, not by what it calls itself', async (t) => {
  const rig = await openSignedRig(t);
  const [jim, twin] = await Promise.all([makeKey('jim'), makeKey('jim')]);
  rig.served.set('/grep.tar', BYTES).set('/grep.tar.sig', await sign(BYTES, twin));
  const fingerprints = [fingerprintOf(jim)];
  const pinned = await rig.pinSignature([jim, twin as openpgp.Key], { fingerprints });
  const fetched = await rig.fetch([pinOf(BYTES, webOrigin(`${rig.url}/grep.tar`))], pinned);
  assert.equal((await rig.refusal(fetched, DIGEST)).kind, 'bad-signature');
});
