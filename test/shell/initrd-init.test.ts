import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { INITRD_INIT, runShell, temporaryFolder } from './shell.ts';

const folder = temporaryFolder();

function readCommandLine(line: string): string {
  const path = join(folder, 'cmdline');
  writeFileSync(path, `${line}\n`);
  return runShell('dash', `. ${INITRD_INIT}\nread_command_line ${path}\necho "$root $rescue $verbose"`)
    .stdout;
}

test('the words of the command line are read, and only those', () => {
  assert.equal(readCommandLine('root=PARTUUID=ab-02 quiet console=tty0'), 'PARTUUID=ab-02 no no\n');
  assert.equal(readCommandLine('verbose root=/dev/sda2 rescue * xrescue=1'), '/dev/sda2 yes yes\n');
  assert.equal(readCommandLine('norescue myroot=x'), ' no no\n');
});

/** Runs check_root with an e2fsck that ends with these codes, one a call; then says mode and calls. */
function checkRoot(...codes: readonly number[]): { mode: string; calls: string[]; says: string } {
  const calls = join(folder, `calls-${codes.join('-')}`);
  writeFileSync(calls, '');
  const cases = codes.map((code, index) => `${index + 1}) exit ${code} ;;`).join(' ');
  const e2fsck = `echo "$*" >> ${calls}; case $(grep -c . ${calls}) in ${cases} *) exit 99 ;; esac`;
  const { stdout } = runShell(
    'dash',
    `. ${INITRD_INIT}
     verbose=no DAMAGED=${calls}.damaged
     say() { echo "SAY $1"; }
     restart() { echo "RESTART"; exit 0; }
     check_root /dev/x
     echo "MODE $mode"
     cat ${calls}`,
    { tools: { e2fsck } },
  );
  const lines = stdout.split('\n');
  return {
    mode:
      lines.find((line) => line.startsWith('MODE '))?.slice(5) ??
      (lines.includes('RESTART') ? 'restart' : '?'),
    calls: lines.filter((line) => line.startsWith('-')),
    says: lines.filter((line) => line.startsWith('SAY ')).join('\n'),
  };
}

test('a clean root is mounted for writing without a word', () => {
  assert.deepEqual(checkRoot(0), { mode: 'rw', calls: ['-p /dev/x'], says: '' });
});

test('a root that was mended is mounted for writing, and the console says so', () => {
  const checked = checkRoot(1);
  assert.equal(checked.mode, 'rw');
  assert.match(checked.says, /\[ OK \].*mended/);
});

test('a check that asks for it starts the machine again', () => {
  assert.equal(checkRoot(2).mode, 'restart');
  assert.equal(checkRoot(4, 3).mode, 'restart');
});

test('a root that -p cannot mend is mended with -y', () => {
  assert.deepEqual(checkRoot(4, 1).calls, ['-p /dev/x', '-y /dev/x']);
  assert.equal(checkRoot(4, 1).mode, 'rw');
});

test('what -y did not mend at once it may mend in a second run', () => {
  assert.deepEqual(checkRoot(8, 4, 1).calls, ['-p /dev/x', '-y /dev/x', '-y /dev/x']);
  assert.equal(checkRoot(8, 4, 1).mode, 'rw');
});

test('a root that cannot be mended is mounted read-only, with a message', () => {
  const checked = checkRoot(4, 4, 4);
  assert.equal(checked.mode, 'ro');
  assert.match(checked.says, /read-only: save what matters/);
  assert.deepEqual(checked.calls, ['-p /dev/x', '-y /dev/x', '-y /dev/x']);
});

test('a drive that appears after a while is found', () => {
  const tries = join(folder, 'tries');
  const findfs = `echo x >> ${tries}; if [ "$(grep -c . ${tries})" -gt 3 ]; then echo /dev/sdb2; else exit 1; fi`;
  const { stdout } = runShell(
    'dash',
    `. ${INITRD_INIT}\nroot=PARTUUID=a verbose=no\nfind_root\necho "$device"`,
    {
      tools: { findfs },
    },
  );
  assert.equal(stdout, '/dev/sdb2\n');
});

test('a drive that does not appear leads to the rescue offer, with the message of findfs', () => {
  const { stdout } = runShell(
    'dash',
    `. ${INITRD_INIT}
     root=PARTUUID=a verbose=no ROOT_WAIT_SECONDS=1
     say() { echo "$1"; }
     offer_rescue() { echo RESCUE; }
     find_root || echo AGAIN`,
    { tools: { findfs: 'echo "findfs: unable to resolve"; exit 1' } },
  );
  assert.match(stdout, /\[FAIL\] No drive with PARTUUID=a appeared within 1 s \(findfs: unable to resolve\)/);
  assert.match(stdout, /RESCUE\nAGAIN\n$/);
});

/** Runs grow_root on a partition of a made-up /sys, with a grow-table of this body. */
function growRoot(growTable: string, device = '/dev/sdb2'): string {
  const sys = temporaryFolder();
  mkdirSync(join(sys, 'class/block/sdb/sdb2'), { recursive: true });
  writeFileSync(join(sys, 'class/block/sdb/sdb2/partition'), '2\n');
  const init = readFileSync(INITRD_INIT, 'utf8').replaceAll('/sys/class/block', `${sys}/class/block`);
  const text = `${init}\nverbose=no\nsay() { echo "SAY $1"; }\ngrow_root ${device}\necho "GOES ON $?"`;
  return runShell('dash', text, { tools: { 'grow-table': growTable } }).stdout;
}

test('the table is grown on the drive that the root is a partition of', () => {
  assert.equal(growRoot('echo "asked: $*"'), 'SAY [ OK ] asked: /dev/sdb 2\nGOES ON 0\n');
  assert.equal(growRoot('echo asked', '/dev/mapper/other'), 'GOES ON 0\n');
});

test('a drive with nothing to do, or with a table of others, is not spoken of', () => {
  assert.equal(growRoot(':'), 'GOES ON 0\n');
  assert.equal(growRoot('echo "no table of ours" >&2; exit 1'), 'GOES ON 0\n');
});

test('a table that cannot be written is reported, and the boot goes on', () => {
  assert.match(
    growRoot('echo "writing failed" >&2; exit 3'),
    /^SAY \[FAIL\] .*: writing failed\nGOES ON 0\n$/,
  );
});

/** Lets the init ask again in a folder like that of the driver; gives what was written to its files. */
function askAgain(drives: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> {
  const driver = temporaryFolder();
  for (const [drive, folders] of Object.entries(drives)) {
    for (const path of ['', ...folders]) mkdirSync(join(driver, drive, path), { recursive: true });
  }
  for (const name of ['settle', 'unbind', 'bind']) writeFileSync(join(driver, name), '');
  const { stderr } = runShell(
    'dash',
    `. ${INITRD_INIT}\nverbose=no USB_STORAGE=${driver} USB_SETTLE=${driver}/settle\nask_usb_drives_again`,
  );
  assert.equal(stderr, '');
  const read = (name: string) => readFileSync(join(driver, name), 'utf8');
  return { settle: read('settle'), unbind: read('unbind'), bind: read('bind') };
}

test('a USB drive that has not answered is asked once more, and given more time', () => {
  const asked = askAgain({ '1-2:1.0': ['host6/target6:0:0'], '2-1:1.0': ['host7'] });
  assert.deepEqual(asked, { settle: '3\n', unbind: '2-1:1.0\n', bind: '2-1:1.0\n' });
});

test('where every USB drive has answered, or there is none, nobody is let go', () => {
  const left = { settle: '3\n', unbind: '', bind: '' };
  assert.deepEqual(askAgain({ '1-2:1.0': ['host6/target6:0:0'] }), left);
  assert.deepEqual(askAgain({}), left);
});

/** Mounts the root where only a mount with these words succeeds; gives what was said, and how it was tried. */
function mountRoot(mode: 'rw' | 'ro', works: string) {
  const place = temporaryFolder();
  const text = `. ${INITRD_INIT}
mode=${mode} DAMAGED=${place}/damaged NEW_ROOT=${place}/new
say() { echo "$1"; }
mount_root /dev/x; echo "status $?"; if [ -e "$DAMAGED" ]; then echo damaged; fi`;
  const mount = `case "$*" in *"-o ${works} "*) ;; *) exit 32 ;; esac`;
  return runShell('dash', text, { tools: { mount } }).stdout;
}

test('a root whose drive lets nobody write is mounted without its journal, at last', () => {
  for (const mode of ['rw', 'ro'] as const) {
    const said = mountRoot(mode, 'ro,noload');
    assert.match(said, /mounted read-only instead \(ro,noload\): save what matters\.\nstatus 0\ndamaged\n$/);
  }
  assert.match(mountRoot('rw', 'ro'), /mounted read-only instead \(ro\).*\nstatus 0\ndamaged\n$/);
});

test('a root that cannot be mounted in any way is for a person', () => {
  assert.match(mountRoot('rw', 'no way'), /cannot be mounted rw\.\nstatus 1\n$/);
});
