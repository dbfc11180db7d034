import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extendProfile } from './extend-profile.ts';
import { defineProfile } from './profile.ts';

const small = defineProfile({
  name: 'small',
  description: 'For tests',
  packages: ['final/bash', 'system/linux'],
  exclude: ['/usr/include', '/usr/share/man'],
  kernel: { build: 'system/linux', fragments: ['base'], commandLine: ['quiet'] },
  initrd: null,
  hostname: 'small',
  timezone: 'UTC',
  services: [],
  image: { espSizeBytes: 1, rootFreeBytes: 2, tools: 'host' },
});

test('fields that are named take the place of the other profile, and all else stays', () => {
  const { name, hostname, ...rest } = extendProfile(small, { name: 'large', hostname: 'big' });
  const { name: _, hostname: __, ...other } = small;
  assert.deepEqual([name, hostname], ['large', 'big']);
  assert.deepEqual(rest, other);
});

test('entries of lists come behind those that are there, and go', () => {
  const sshd = { name: 'sshd', id: 50, description: 'The ssh server' };
  const large = extendProfile(small, {
    name: 'large',
    kernel: { ...small.kernel, build: 'system/linux-modular' },
    add: {
      packages: ['final/less', 'system/linux-modular'],
      exclude: ['/usr/share/man/man3'],
      fragments: ['modules'],
      commandLine: ['panic=5'],
      services: ['sshd'],
      accounts: [sshd],
    },
    remove: { packages: ['system/linux'], exclude: ['/usr/share/man'], commandLine: ['quiet'] },
  });
  assert.deepEqual(large.packages, ['final/bash', 'final/less', 'system/linux-modular']);
  assert.deepEqual(large.exclude, ['/usr/include', '/usr/share/man/man3']);
  assert.deepEqual(large.kernel, {
    build: 'system/linux-modular',
    fragments: ['base', 'modules'],
    commandLine: ['panic=5'],
  });
  assert.deepEqual(large.services, ['sshd']);
  assert.deepEqual(large.accounts, [sshd]);
  const larger = extendProfile(large, {
    name: 'larger',
    add: { accounts: [{ ...sshd, name: 'x', id: 51 }] },
  });
  assert.deepEqual(
    larger.accounts?.map(({ name }) => name),
    ['sshd', 'x'],
  );
});

test('what is removed must be there, and what is added must not', () => {
  assert.throws(
    () => extendProfile(small, { name: 'x', remove: { packages: ['final/zsh'] } }),
    /remove\.packages names final\/zsh, which small does not have/,
  );
  for (const packages of [['final/bash'], ['final/nano', 'final/nano']]) {
    assert.throws(() => extendProfile(small, { name: 'x', add: { packages } }), /there already/);
  }
});
