import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { BLAZENEURO_CONF, espScript, isEspSize, sectorsPerCluster } from './esp.ts';
import { hasProgram, testFolder } from './testing.ts';

const MIB = 1024 * 1024;

test('the ESP is made of one list of files, in one order', () => {
  const script = espScript({
    file: 'esp.fat',
    sizeBytes: 512 * MIB,
    startSector: 2048,
    volumeId: '12345678',
    files: [
      { path: '/vmlinuz', staged: 'vmlinuz', build: 'system/linux' },
      { path: '/EFI/BOOT/BOOTIA32.EFI', staged: 'BOOTIA32.EFI', build: 'image', isOptional: true },
    ],
  });
  assert.equal(
    script,
    `truncate -s 536870912 esp.fat
mkfs.fat -F 32 -S 512 -s 8 -R 32 -f 2 -h 2048 --invariant -i 12345678 -n BLAZENEURO esp.fat >mkfs.fat.log
export MTOOLSRC=/dev/null
mmd -i esp.fat ::/EFI ::/EFI/BOOT
mcopy -i esp.fat vmlinuz ::/vmlinuz
if [ -e BOOTIA32.EFI ]; then mcopy -i esp.fat BOOTIA32.EFI ::/EFI/BOOT/BOOTIA32.EFI; fi
`,
  );
});

for (const sizeMib of [34, 64, 100, 150, 260, 300, 512, 2048]) {
  test(`an ESP of ${sizeMib} MiB has clusters enough for FAT32`, { skip: !hasProgram('mkfs.fat') }, () => {
    using folder = testFolder();
    const file = join(folder.path, 'esp');
    execFileSync('truncate', ['-s', `${sizeMib}M`, file]);
    const words = [
      '-v',
      '-F',
      '32',
      '-S',
      '512',
      '-R',
      '32',
      '-f',
      '2',
      '-s',
      `${sectorsPerCluster(sizeMib * MIB)}`,
      file,
    ];
    const said = execFileSync('mkfs.fat', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    assert.ok(Number(/provides (\d+) clusters/.exec(said)?.[1]) >= 65525, said);
  });
}

test('an ESP that is too small for FAT32 is told apart', () => {
  assert.ok(!isEspSize(32 * MIB));
  assert.ok(isEspSize(34 * MIB));
  assert.throws(() => sectorsPerCluster(16 * MIB), RangeError);
});

test('blazeneuro.conf names every setting, each as a comment', () => {
  const names = [
    'HOSTNAME',
    'TIMEZONE',
    'KEYMAP',
    'ROOT_PASSWORD_HASH',
    'USER_NAME',
    'USER_PASSWORD_HASH',
    'SSH_KEY',
  ];
  assert.deepEqual(
    [...BLAZENEURO_CONF.matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name),
    names,
  );
  for (const line of BLAZENEURO_CONF.split('\n')) assert.match(line, /^(#.*)?$/);
});
