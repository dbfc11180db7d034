import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BOOT_FILES, runShell, temporaryFolder } from './shell.ts';

const folder = temporaryFolder();

/** Settings as KEY=value lines, then what was reported. */
function readConf(text: string | Buffer): { settings: string[]; reports: string[]; status: number | null } {
  const path = join(folder, 'blazeneuro.conf');
  writeFileSync(path, text);
  const { stdout, status } = runShell(
    'bash',
    `report() { echo "REPORT $1"; }
     . ${BOOT_FILES}/first-boot/read-conf
     read_conf ${path}; status=$?
     for index in "\${!keys[@]}"; do printf 'SET %s=%s\\n' "\${keys[index]}" "\${values[index]}"; done
     exit $status`,
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  const tagged = (tag: string) =>
    lines.filter((line) => line.startsWith(tag)).map((line) => line.slice(tag.length));
  return { settings: tagged('SET '), reports: tagged('REPORT '), status };
}

test('settings are read; comments, empty lines and settings without a value are passed over', () => {
  const read = readConf('# Words.\n\nHOSTNAME=stick\n  TIMEZONE = Europe/Berlin \n#KEYMAP=de\nUSER_NAME=\n');
  assert.deepEqual(read.settings, ['HOSTNAME=stick', 'TIMEZONE=Europe/Berlin']);
  assert.deepEqual(read.reports, []);
});

test("a file from Windows' editor is read: byte order mark, CR at the ends, no newline at the last", () => {
  const read = readConf('\uFEFFHOSTNAME=stick\r\nUSER_NAME="anna"\r\nTIMEZONE=UTC');
  assert.deepEqual(read.settings, ['HOSTNAME=stick', 'USER_NAME=anna', 'TIMEZONE=UTC']);
});

test('nothing in the file is run, and a hash keeps its dollar signs', () => {
  const read = readConf('HOSTNAME=$(touch /tmp/ran)`id`\nROOT_PASSWORD_HASH=$6$salt$abc=\nUSER_NAME=a; id\n');
  assert.deepEqual(read.settings, [
    'HOSTNAME=$(touch /tmp/ran)`id`',
    'ROOT_PASSWORD_HASH=$6$salt$abc=',
    'USER_NAME=a; id',
  ]);
});

test('of a key that comes twice, the last counts', () => {
  assert.deepEqual(readConf('HOSTNAME=one\nHOSTNAME=two\n').settings, ['HOSTNAME=two']);
});

test('a line that is no setting is reported by its number, without its value', () => {
  const read = readConf('HOSTNAME=stick\nPASSWORD=hunter2\nnonsense\n');
  assert.deepEqual(read.reports, ['line 2: there is no setting of this name', 'line 3 is not KEY=value']);
});

test('UTF-16 is refused, and nothing of it counts', () => {
  const read = readConf(Buffer.from('HOSTNAME=stick\n', 'utf16le'));
  assert.equal(read.status, 1);
  assert.deepEqual(read.settings, []);
});

test('secrets are overwritten in place: same length, same file, nothing else touched', () => {
  const path = join(folder, 'wipe.conf');
  const hash = '$6$salt$0123456789';
  const before = `# Größe.\r\nHOSTNAME=stick\r\nROOT_PASSWORD_HASH=${hash}\r\n#USER_PASSWORD_HASH = ${hash}\nPASSWORD=hunter2`;
  writeFileSync(path, before);
  const inode = statSync(path).ino;
  const { status, stderr } = runShell('bash', `. ${BOOT_FILES}/first-boot/wipe\nwipe_secrets ${path}`);
  assert.equal(status, 0, stderr);
  const stars = '*'.repeat(hash.length);
  assert.equal(
    readFileSync(path, 'utf8'),
    `# Größe.\r\nHOSTNAME=stick\r\nROOT_PASSWORD_HASH=${stars}\r\n#USER_PASSWORD_HASH =*${stars}\nPASSWORD=*******`,
  );
  assert.equal(statSync(path).ino, inode);
});

test('a wipe that fails says so', () => {
  const path = join(folder, 'kept.conf');
  writeFileSync(path, 'ROOT_PASSWORD_HASH=secret\n');
  const { status } = runShell('bash', `. ${BOOT_FILES}/first-boot/wipe\nwipe_secrets ${path}`, {
    tools: { dd: 'exit 1' },
  });
  assert.equal(status, 1);
});

test('copies of a hash are overwritten wherever they stand, and nothing else is', () => {
  const device = join(folder, 'esp');
  const shadow = join(folder, 'shadow');
  const hash = '$6$saltsalt$0123456789abcdefghij./KLMNOPQRSTUVWXYZ';
  writeFileSync(shadow, `root:${hash}:1::::::\nbin:*:1::::::\nx:$1$a$b:1::::::\n`);
  const other = '$6$saltsalt$0123456789abcdefghij./KLMNOPQRSTUVWXY?';
  // More than grep reads at once, and it begins with nothing.
  const nothing = '\0'.repeat(500_000);
  const parts = [
    nothing,
    `\n${nothing}\n:`,
    'ROOT_PASSWORD_HASH=',
    '\r\n\0\xff\n',
    other,
    '\0'.repeat(5000),
    '$1$a$b',
    'end',
  ];
  writeFileSync(device, parts.join(hash), 'latin1');
  const { status, stderr } = runShell(
    'bash',
    `. ${BOOT_FILES}/first-boot/wipe\nwipe_copies ${device} ${shadow}`,
  );
  assert.equal(status, 0, stderr);
  assert.equal(readFileSync(device, 'latin1'), parts.join('*'.repeat(hash.length)));
});

test('without a hash nothing is looked for, and a device that cannot be written is told of', () => {
  const shadow = join(folder, 'no-hash');
  writeFileSync(shadow, 'root:!:1::::::\n');
  const wipe = `. ${BOOT_FILES}/first-boot/wipe\n`;
  assert.equal(runShell('bash', `${wipe}wipe_copies ${folder}/nowhere ${shadow}`).status, 0);
  writeFileSync(shadow, 'root:$6$saltsalt$0123456789abcdefghij:1::::::\n');
  writeFileSync(join(folder, 'full'), '$6$saltsalt$0123456789abcdefghij');
  const dd = { dd: 'exit 1' };
  assert.equal(runShell('bash', `${wipe}wipe_copies ${folder}/full ${shadow}`, { tools: dd }).status, 1);
});
