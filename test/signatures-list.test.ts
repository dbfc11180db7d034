import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type Key, readKeys } from 'openpgp';
import { unwrap } from '#base';
import { type PinnedSignatures, readSignatures } from '#config';

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

  test('has signed sources', () => assert.ok(signatures.size > 15));

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
