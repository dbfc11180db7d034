/** Who gets in, and who may look into whose home, by the files that the store has of a profile. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { notBuilt, openBuiltProfile, PROFILES, rootEntries, treeOf } from './built-profile.ts';

for (const name of PROFILES) {
  const profile = await openBuiltProfile(name);
  const { packages, services } = profile.session.project.profile;

  const read = (build: string, path: string) =>
    readFileSync(join(treeOf(profile, build) ?? '', path), 'utf8').trimEnd();

  test(`${name}: the homes that useradd makes are private, and passwords are kept by a slow method`, {
    skip: notBuilt(profile, ['final/shadow']),
  }, () => {
    const settings = read('final/shadow', 'etc/login.defs').split('\n');
    assert.ok(settings.some((line) => /^HOME_MODE\s+0700$/.test(line)));
    assert.ok(settings.some((line) => /^ENCRYPT_METHOD\s+YESCRYPT$/.test(line)));
  });

  test(`${name}: no account has a password that others know, and none goes without`, {
    skip: notBuilt(profile, ['system/etc']),
  }, () => {
    for (const line of read('system/etc', 'etc/shadow').split('\n')) assert.match(line, /^[\w-]+:[!*]:/);
  });

  test(`${name}: root comes in over the network by a key only, and nobody without a password`, {
    skip: packages.includes('final/openssh')
      ? notBuilt(profile, ['final/openssh'])
      : 'there is no server to come in by',
  }, () => {
    // Of several settings the first counts, and the folder is read first: sshd_config(5).
    const folder = join(treeOf(profile, 'final/openssh') ?? '', 'etc/ssh');
    assert.match(readFileSync(join(folder, 'sshd_config'), 'utf8'), /^Include \/etc\/ssh\/sshd_config\.d\//);
    const added = join(folder, 'sshd_config.d');
    assert.ok(existsSync(added));
    const text = readdirSync(added)
      .sort()
      .map((name) => readFileSync(join(added, name), 'utf8'))
      .join('');
    assert.equal(/^PermitRootLogin (.*)$/m.exec(text)?.[1], 'prohibit-password');
    assert.equal(/^PermitEmptyPasswords (.*)$/m.exec(text)?.[1], 'no');
  });

  test(`${name}: no service starts with the system, so nothing listens`, () => {
    // That nothing listens all the same is what each boot test asks the running system.
    assert.deepEqual(services, []);
  });

  test(`${name}: the homes of the image are private, and so is what the first boot keeps`, {
    skip: notBuilt(profile, packages),
  }, async () => {
    const entries = (await rootEntries(profile)).map(({ entry }) => entry);
    for (const path of ['/root', '/var/lib/blazeneuro']) {
      const folder = entries.find((entry) => entry.path === path);
      assert.ok(folder !== undefined && folder.type === 'directory', path);
      assert.equal(folder.mode, '0700', path);
    }
  });
}
