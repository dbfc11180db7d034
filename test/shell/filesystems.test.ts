/** The file systems of fstab, on the way up. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

/** Goes up with this fstab; gives what was said, and where `fsck` and `mount` write that they were called. */
function goUp(fstab: string, fsck = ':') {
  const folder = temporaryFolder();
  const calls = join(folder, 'calls');
  writeFileSync(join(folder, 'fstab'), fstab);
  const script = join(BOOT_FILES, 'boot/start/30-filesystems');
  const text = `say() { echo "$1"; }; say_ok() { echo "OK $1"; }; say_failed() { echo "FAILED $1"; }
FSTAB=${folder}/fstab DONE=${folder}/done PATIENCE_TENTHS=10
(. ${script}) > ${folder}/said 2>&1; cat ${folder}/said`;
  const tools = { fsck: `${fsck}\necho fsck >> ${calls}`, mount: `echo "mount $*" >> ${calls}` };
  const { stdout } = runShell('dash', text, { tools });
  return { said: stdout, calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8') : '') };
}

const ROOT = 'PARTUUID=a / ext4 noatime 0 1\n# PARTUUID=c /c ext4 defaults 0 2\n';

test('with nothing but the root, and what is mounted by hand, nothing is started', () => {
  const { said, calls } = goUp(`${ROOT}PARTUUID=b /boot/efi vfat noauto 0 0\nswap none swap sw 0 0\n`);
  assert.equal(said, '');
  assert.equal(calls(), '');
});

for (const end of ['\n', '']) {
  test(`others are checked, then mounted; a last line ends with ${JSON.stringify(end)}`, () => {
    const { said, calls } = goUp(`${ROOT}LABEL=data /data ext4 defaults 0 2${end}`);
    assert.equal(said, 'OK The file systems of /etc/fstab are mounted\n');
    assert.equal(calls(), 'fsck\nmount -a\n');
  });
}

test('a check that takes its time is not ended, holds nobody up, and what it is for is mounted after it', async () => {
  const { said, calls } = goUp('LABEL=data /data ext4 defaults 0 2\n', 'sleep 3');
  assert.match(said, /^The drives of \/etc\/fstab are still being checked/);
  assert.equal(calls(), '');
  while (!calls().includes('mount')) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(calls(), 'fsck\nmount -a\n');
});
