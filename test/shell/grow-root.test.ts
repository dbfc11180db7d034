import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fstab, ROOT_OPTIONS } from '../../src/image/fstab.ts';
import { BOOT_FILES, INITRD_INIT, runShell, temporaryFolder } from './shell.ts';

/** Runs grow-root with a resize2fs of this body; gives what it said, and the mark that it left. */
function growRoot(resize2fs: string) {
  const folder = temporaryFolder();
  const mark = join(folder, 'grown-to');
  const log = join(folder, 'kmsg');
  writeFileSync(log, '');
  // The consoles of the machine that runs the test are not to be written to.
  const functions = join(folder, 'functions');
  writeFileSync(functions, `. ${BOOT_FILES}/boot/functions\nsay_failed() { echo "FAILED $1"; }\n`);
  const script = readFileSync(join(BOOT_FILES, 'libexec/grow-root'), 'utf8').replace(
    /^export PATH=\S+/m,
    'export',
  );
  const text = `FUNCTIONS=${functions} LOG=${log}\nset -- /dev/x 8388608 ${mark}\n${script}`;
  const { status, stdout } = runShell('dash', text, { tools: { resize2fs, sync: ':' } });
  const marked = existsSync(mark) ? readFileSync(mark, 'utf8') : undefined;
  return { status, stdout, marked, log: readFileSync(log, 'utf8') };
}

test('a root that has grown is marked, with one line in the log of the kernel', () => {
  const grown = growRoot('echo "The filesystem on $1 is now 1048576 (4k) blocks long."');
  assert.deepEqual(grown, {
    status: 0,
    stdout: '',
    marked: '8388608\n',
    log: '<5>blazeneuro: the root file system has grown to 4096 MiB\n',
  });
});

test('a root that fills its partition is marked without a word', () => {
  const same = growRoot('echo "The filesystem is already 1048576 (4k) blocks long.  Nothing to do!" >&2');
  assert.deepEqual(same, { status: 0, stdout: '', marked: '8388608\n', log: '' });
});

test('a root that could not grow is reported, and tried again at the next boot', () => {
  const failed = growRoot('echo "resize2fs: Permission denied to resize filesystem" >&2; exit 1');
  assert.equal(failed.status, 1);
  assert.match(failed.stdout, /^FAILED The root file system could not grow: .*Permission denied/);
  assert.equal(failed.marked, undefined);
});

test('the initrd mounts the root with the options of fstab', () => {
  const { stdout } = runShell('dash', `. ${INITRD_INIT}\necho "$ROOT_OPTIONS"`);
  assert.equal(stdout, `${ROOT_OPTIONS}\n`);
  const identity = { rootUuid: 'r', espVolumeId: '00000000' } as unknown as Parameters<typeof fstab>[0];
  assert.match(String(fstab(identity).content), new RegExp(`^UUID=r / ext4 ${ROOT_OPTIONS} 0 1$`, 'm'));
});
