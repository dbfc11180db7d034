import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { type CpioMember, encodeCpio, FILE_TYPE } from './cpio.ts';
import { hasProgram } from './testing.ts';

const none = new Uint8Array();
const members: CpioMember[] = [
  { name: 'dev', mode: FILE_TYPE.directory | 0o755, data: none },
  {
    name: 'dev/console',
    mode: FILE_TYPE.characterDevice | 0o600,
    data: none,
    device: { major: 5, minor: 1 },
  },
  { name: 'init', mode: FILE_TYPE.file | 0o755, data: Buffer.from('hello') },
  { name: 'sbin', mode: FILE_TYPE.symlink | 0o777, data: Buffer.from('usr/sbin') },
];

test('a member is its header in hexadecimal, its name and its bytes, each filled up to four', () => {
  const [, , init] = members;
  assert.ok(init);
  const text = encodeCpio([init], 0x65).toString('latin1');
  assert.equal(
    text.slice(0, 124),
    `070701${'00000001'}${'000081ed'}${'00000000'}${'00000000'}${'00000001'}${'00000065'}${'00000005'}${'00000000'}` +
      `${'00000000'}${'00000000'}${'00000000'}${'00000005'}${'00000000'}init\0\0` +
      'hello\0\0\0',
  );
  assert.equal(text.slice(124, 130), '070701');
  assert.ok(text.includes('TRAILER!!!\0'));
  assert.equal(text.length % 512, 0);
});

test('cpio lists what was encoded', { skip: !hasProgram('cpio') }, () => {
  const listed = spawnSync('cpio', ['-tv', '--quiet', '--numeric-uid-gid'], {
    input: encodeCpio(members, 1735689600),
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
  });
  assert.equal(listed.stderr, '');
  assert.equal(listed.status, 0);
  const lines = listed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));
  assert.deepEqual(lines, [
    'drwxr-xr-x 2 0 0 0 Jan 1 2025 dev',
    'crw------- 1 0 0 5, 1 Jan 1 2025 dev/console',
    '-rwxr-xr-x 1 0 0 5 Jan 1 2025 init',
    'lrwxrwxrwx 1 0 0 8 Jan 1 2025 sbin -> usr/sbin',
  ]);
});
