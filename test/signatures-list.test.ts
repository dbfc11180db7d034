import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { config as defaults, type Key, readKeys } from 'openpgp';
import { unwrap } from '#base';
import { type PinnedSignatures, readPins, readSignatures } from '#config';

const config = join(import.meta.dirname, '../config');

describe('config/signatures.list', () => {
  let signatures: PinnedSignatures = new Map();
  const keyrings = new Map<string, readonly Key[]>();

  before(async () => {
    const path = join(config, 'signatures.list');
    signatures = unwrap(readSignatures(await readFile(path, 'utf8'), path));
    for (const file of await readdir(join(config, 'keys'))) {
      const armoredKeys = await readFile(join(config, 'keys', file), 'utf8');
      keyrings.set(file, await readKeys({ armoredKeys }));
    }
  });

  test('has signed sources', () => assert.ok(signatures.size >= 47));

  test('has a line for every source, or names it among those that have none', async () => {
    const text = await readFile(join(config, 'signatures.list'), 'utf8');
    const comments = text.split('\n').filter((line) => line.startsWith('#'));
    const named = new Set(comments.join(' ').match(/[\w+-]+/g));
    const pins = unwrap(readPins(await readFile(join(config, 'packages.list'), 'utf8'), 'packages.list'));
    const missing = pins.map(({ name }) => name).filter((name) => !signatures.has(name) && !named.has(name));
    assert.deepEqual(missing, []);
  });

  test('names exactly the keys that its keyrings hold, and every keyring', () => {
    const named = new Map<string, Set<string>>();
    for (const { keyring, fingerprints } of signatures.values()) {
      const file = basename(keyring);
      named.set(file, new Set([...(named.get(file) ?? []), ...fingerprints]));
    }
    const held = [...keyrings].map(([file, keys]) => [file, keys.map(fingerprintOf).toSorted()]);
    assert.deepEqual(
      held.toSorted(),
      [...named].map(([file, fingerprints]) => [file, [...fingerprints].toSorted()]).toSorted(),
    );
  });

  test('has keys that may sign, by the newest that they say of themselves', async () => {
    const dsa = new Set(
      [...signatures.values()].flatMap(({ exceptions, fingerprints }) =>
        exceptions.includes('dsa') ? fingerprints : [],
      ),
    );
    for (const [file, keys] of keyrings) {
      for (const key of keys) {
        const isOld = dsa.has(fingerprintOf(key));
        await assert.doesNotReject(
          key.getSigningKey(undefined, newestStatement(key), undefined, {
            ...defaults,
            ...(isOld ? { rejectPublicKeyAlgorithms: new Set(), allowMissingKeyFlags: true } : {}),
          }),
          `${file} ${fingerprintOf(key)}`,
        );
      }
    }
  });

  test('has keyrings of public keys only, without what others say of them', () => {
    for (const [file, keys] of keyrings) {
      for (const key of keys) {
        assert.ok(!key.isPrivate(), file);
        assert.deepEqual(
          key.users.flatMap((user) => user.otherCertifications),
          [],
          file,
        );
      }
    }
  });
});

function fingerprintOf(key: Key): string {
  return key.getFingerprint().toUpperCase();
}

/** When a key, or a subkey of it, last said something of itself. */
function newestStatement({ users, subkeys }: Key): Date {
  const statements = [
    ...users.flatMap(({ selfCertifications }) => selfCertifications),
    ...subkeys.flatMap(({ bindingSignatures }) => bindingSignatures),
  ];
  return new Date(Math.max(...statements.map(({ created }) => Number(created))));
}
