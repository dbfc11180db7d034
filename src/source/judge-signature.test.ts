import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import * as openpgp from 'openpgp';
import type { PinnedSignature } from '#recipe';
import { type Judgement, judgeSignature } from './judge-signature.ts';
import { OLD_KEY, OLD_SIGNATURE, OLDER_KEY, OLDER_SIGNATURE } from './testing-old-signature.ts';
import { fingerprintOf, KEY_MADE, keyringOf, makeKey, SIGNED, sign } from './testing-signatures.ts';

const BYTES = Buffer.from('the right bytes');
const { keyCompromised, keySuperseded } = openpgp.enums.reasonForRevocation;
const BEFORE = new Date('2021-01-01T00:00:00Z');
const AFTER = new Date('2024-01-01T00:00:00Z');

/** Judges a signature of BYTES by a keyring with these keys. */
async function judge(
  t: TestContext,
  signature: Uint8Array,
  keys: readonly openpgp.Key[],
  changes: Partial<PinnedSignature> = {},
): Promise<Judgement> {
  const folder = await mkdtemp(join(tmpdir(), 'judge-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const keyring = join(folder, 'keys.asc');
  const file = join(folder, 'archive');
  await writeFile(keyring, keyringOf(keys));
  await writeFile(file, BYTES);
  const pinned: PinnedSignature = {
    ...{
      name: 'grep',
      location: '.sig',
      covers: 'file',
      keyring,
      exceptions: [],
      place: 'signatures.list:1',
    },
    fingerprints: keys.map(fingerprintOf),
    ...changes,
  };
  const archive = { file, name: 'grep.tar.xz', environment: process.env, signal: undefined };
  return judgeSignature(signature, pinned, archive);
}

function assertFault(judgement: Judgement, pattern: RegExp): void {
  assert.match('fault' in judgement ? judgement.fault : 'a good signature', pattern);
}

async function revoke(key: openpgp.PrivateKey, flag: number, date: Date): Promise<openpgp.PublicKey> {
  const revoked = await openpgp.revokeKey({
    ...{ key, date, format: 'object' as const },
    reasonForRevocation: { flag },
  });
  return revoked.publicKey;
}

/** The key as its owner publishes it with another time limit, in seconds from its making. */
async function restated(
  privateKey: openpgp.PrivateKey,
  options: { readonly date: Date; readonly keyExpirationTime: number },
): Promise<openpgp.PublicKey> {
  const { publicKey } = await openpgp.reformatKey({
    ...{ privateKey, ...options, format: 'object' as const },
    userIDs: [{ name: 'jim' }],
  });
  return publicKey;
}

test('a good signature names its signer, armored or not', async (t) => {
  const key = await makeKey('jim');
  const bytes = await sign(BYTES, key);
  const signer = { name: 'jim <jim@example.org>', fingerprint: fingerprintOf(key) };
  assert.deepEqual(await judge(t, bytes, [key]), { signer });
  const { armor, enums } = openpgp;
  assert.deepEqual(await judge(t, Buffer.from(armor(enums.armor.signature, bytes)), [key]), { signer });
});

test('a subkey that may sign is as good as its primary key, by which it is named', async (t) => {
  const key = await makeKey('jim', { subkeys: [{ sign: true }] });
  const judged = await judge(t, await sign(BYTES, key), [key]);
  assert.equal('signer' in judged ? judged.signer.fingerprint : '', fingerprintOf(key));
});

test('a signature of other bytes is refused', async (t) => {
  const key = await makeKey('jim');
  assertFault(await judge(t, await sign(Buffer.from('other bytes'), key), [key]), /^is of other bytes/);
});

test('a signature with a changed byte is refused', async (t) => {
  const key = await makeKey('jim');
  const bytes = await sign(BYTES, key);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) ^ 1;
  assertFault(await judge(t, bytes, [key]), /^is of other bytes|^is not good/);
});

describe('a key', () => {
  test('that is not in the keyring, or may not sign this source, is refused by its name', async (t) => {
    const [jim, eve] = await Promise.all([makeKey('jim'), makeKey('eve')]);
    const bytes = await sign(BYTES, eve);
    const id = eve.getKeyID().toHex().toUpperCase();
    const refused = new RegExp(`made by the key ${id}, which may not sign this source`);
    assertFault(await judge(t, bytes, [jim]), refused);
    assertFault(await judge(t, bytes, [jim, eve], { fingerprints: [fingerprintOf(jim)] }), refused);
  });

  test('need be only one of several that signed', async (t) => {
    const [jim, eve] = await Promise.all([makeKey('jim'), makeKey('eve')]);
    const judged = await judge(t, await sign(BYTES, [eve, jim]), [jim]);
    assert.equal('signer' in judged ? judged.signer.fingerprint : '', fingerprintOf(jim));
  });

  test('that had expired when it signed is refused', async (t) => {
    const key = await makeKey('jim');
    const expired = await restated(key, { date: KEY_MADE, keyExpirationTime: 365 * 86_400 });
    assertFault(await judge(t, await sign(BYTES, key), [expired]), /had expired/);
  });

  test('that expired after it had signed is good', async (t) => {
    const key = await makeKey('jim');
    const expired = await restated(key, { date: KEY_MADE, keyExpirationTime: 4 * 365 * 86_400 });
    assert.ok('signer' in (await judge(t, await sign(BYTES, key), [expired])));
  });

  test('is good when all it says of itself is newer than the signature, also once it has expired', async (t) => {
    const key = await makeKey('jim', { subkeys: [{ sign: true }] });
    const prolonged = await restated(key, { date: AFTER, keyExpirationTime: 5 * 365 * 86_400 });
    assert.ok('signer' in (await judge(t, await sign(BYTES, key), [prolonged])));
  });

  test('that fell into wrong hands is refused whenever it signed', async (t) => {
    const key = await makeKey('jim');
    const bytes = await sign(BYTES, key);
    assertFault(await judge(t, bytes, [await revoke(key, keyCompromised, AFTER)]), /revoked/);
  });

  test('that was given up is refused for what it signed afterwards, and good for what it had signed', async (t) => {
    const key = await makeKey('jim');
    const bytes = await sign(BYTES, key);
    assertFault(await judge(t, bytes, [await revoke(key, keySuperseded, BEFORE)]), /revoked/);
    const again = await openpgp.readKey({ binaryKey: key.toPublic().write() });
    const later = await revoke(key, keySuperseded, AFTER);
    assert.ok('signer' in (await judge(t, bytes, [await again.update(later)])));
  });

  test('that may not sign is refused, though its owner has it', async (t) => {
    const key = await makeKey('jim', { subkeys: [{ sign: true }] });
    const bytes = await sign(BYTES, key);
    const [subkey] = key.subkeys;
    const binding = subkey?.bindingSignatures[0];
    assert.ok(subkey !== undefined && binding !== undefined);
    binding.keyFlags = new Uint8Array([openpgp.enums.keyFlags.encryptStorage]);
    binding.embeddedSignature = null;
    const config = { ...openpgp.config, nonDeterministicSignaturesViaNotation: false };
    const bound = { key: key.keyPacket, bind: subkey.keyPacket };
    await Reflect.apply(binding.sign, binding, [key.keyPacket, bound, KEY_MADE, false, config]);
    assertFault(await judge(t, bytes, [key]), /may not sign/);
  });
});

test('old algorithms are refused unless the line of the signature names each', async (t) => {
  const key = await openpgp.readKey({ armoredKey: OLD_KEY });
  const judgeWith = (exceptions: PinnedSignature['exceptions']): Promise<Judgement> =>
    judge(t, Buffer.from(OLD_SIGNATURE), [key], { exceptions });
  assertFault(await judgeWith([]), /algorithm that is not trusted.*SHA1/);
  assertFault(await judgeWith(['dsa']), /algorithm that is not trusted.*SHA1/);
  assertFault(await judgeWith(['sha1']), /algorithm that is not trusted.*dsa/);
  assert.ok('signer' in (await judgeWith(['dsa', 'sha1'])));
});

test('an old key that does not say what it is for may sign where dsa is an exception', async (t) => {
  const key = await openpgp.readKey({ armoredKey: OLDER_KEY });
  const judgeWith = (exceptions: PinnedSignature['exceptions']): Promise<Judgement> =>
    judge(t, Buffer.from(OLDER_SIGNATURE), [key], { exceptions });
  assertFault(await judgeWith(['sha1']), /algorithm that is not trusted|may not sign/);
  assert.ok('signer' in (await judgeWith(['dsa', 'sha1'])));
});

describe('what is no signature of a file is refused:', () => {
  const kinds: Record<string, (key: openpgp.PrivateKey) => Promise<Uint8Array>> = {
    nothing: async () => new Uint8Array(),
    'a page that says it was not found': async () => Buffer.from('<html>Not found</html>'),
    'a key': async (key) => Buffer.from(key.toPublic().armor()),
    'half a signature': async (key) => (await sign(BYTES, key)).subarray(0, 40),
    'an armor that breaks off': async () => Buffer.from('-----BEGIN PGP SIGNATURE-----\n\niQ'),
    'more than a signature has': async (key) => Buffer.concat([await sign(BYTES, key), Buffer.alloc(65536)]),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    test(kind, async (t) => {
      const key = await makeKey('jim');
      assertFault(await judge(t, await make(key), [key]), /^is not an OpenPGP signature/);
    });
  }
});

test('a keyring that is missing or damaged lets nobody sign', async (t) => {
  const key = await makeKey('jim');
  const bytes = await sign(BYTES, key);
  assertFault(await judge(t, bytes, [key], { keyring: '/nowhere/keys.asc' }), /there is no keyring/);
  assertFault(await judge(t, bytes, [key], { keyring: import.meta.filename }), /is no keyring/);
});

test('signing dates of throw-away keys are in order', () => {
  assert.ok(KEY_MADE < BEFORE && BEFORE < SIGNED && SIGNED < AFTER);
});
