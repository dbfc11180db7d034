import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import { guid } from '#disk';
import type { Entry } from '#manifest';
import type { OwnedEntry } from './built-artifact.ts';
import { fillCommands, MKE2FS_CONFIGURATION, mke2fsArgv } from './ext4.ts';
import { rootSizeBytes } from './ext4-size.ts';
import { hasProgram, testFolder } from './testing.ts';

const sha256 = digestOfBytes('x');
const owned = (entry: Entry): OwnedEntry => ({ entry, build: 'final/x', hostPath: '/x' });
const file = (path: string, mode = '0755', sizeBytes = 1): OwnedEntry =>
  owned({ type: 'file', path, sha256, sizeBytes, mode, uid: 0, gid: 0 });
const folder = (path: string, mode = '0755', uid = 0): OwnedEntry =>
  owned({ type: 'directory', path, mode, uid, gid: 0 });

const identity = {
  seed: digestOfBytes('a seed'),
  rootUuid: guid('00000000-0000-8000-8000-000000000001'),
  rootHashSeed: guid('00000000-0000-8000-8000-000000000002'),
  espVolumeId: '12345678',
};

test('every choice of mke2fs is made here', () => {
  assert.equal(
    mke2fsArgv(identity, 'root.ext4').join(' '),
    'mke2fs -q -F -t ext4 -T image -O none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,' +
      'sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum,metadata_csum_seed ' +
      '-b 4096 -I 256 -i 16384 -G 16 -J size=32 -m 1 -e remount-ro -L blazeneuro ' +
      '-U 00000000-0000-8000-8000-000000000001 -E resize=536870912,root_owner=0:0,lazy_itable_init=0,' +
      'lazy_journal_init=0,nodiscard,hash_seed=00000000-0000-8000-8000-000000000002 root.ext4',
  );
});

test('folders are made before they are entered, and what is special is set', () => {
  const entries = [
    folder('/tmp', '1777'),
    folder('/usr'),
    folder('/usr/bin', '0755', 7),
    owned({ type: 'symlink', path: '/usr/bin/a "b"', target: 'x y' }),
    file('/usr/bin/su', '4755'),
    folder('/usr-x'),
  ];
  const commands = fillCommands(entries, ({ entry }) => `files/${entry.path.length}`);
  assert.ok(commands.ok);
  assert.equal(
    commands.value,
    `cd "/"
mkdir "tmp"
set_inode_field "tmp" mode 041777
mkdir "usr"
mkdir "usr-x"
cd "/usr"
mkdir "bin"
set_inode_field "bin" uid 7
cd "/usr/bin"
symlink "a ""b""" "x y"
write "files/11" "su"
set_inode_field "su" mode 0104755
`,
  );
});

test('a path with a line break is refused, since debugfs could not be told', () => {
  const commands = fillCommands([file('/a\nquit')], () => 'files/0');
  assert.ok(!commands.ok);
  assert.match(commands.problem.message, /final\/x.*"\/a\\nquit"/);
});

const MIB = 1024 * 1024;
const many = Array.from({ length: 20_000 }, (_, at) => file(`/usr/name-of-usual-length-${at}`));
const trees: [string, OwnedEntry[], number][] = [
  ['nothing', [], 0],
  ['little', [file('/a', '0755', 3 * MIB)], 100 * MIB],
  ['much', [file('/a', '0755', 900 * MIB)], 512 * MIB],
  ['very much', [file('/a', '0755', 9000 * MIB)], 512 * MIB],
  ['many small files', many, 0],
];

for (const [name, entries, freeBytes] of trees) {
  test(`a file system for ${name} has room for it`, { skip: !hasProgram('dumpe2fs') }, () => {
    using place = testFolder();
    const path = join(place.path, 'root');
    const sizeBytes = rootSizeBytes(entries, freeBytes);
    writeFileSync(path, '');
    truncateSync(path, sizeBytes);
    writeFileSync(join(place.path, 'mke2fs.conf'), MKE2FS_CONFIGURATION);
    const [program = '', ...words] = mke2fsArgv(identity, path);
    execFileSync(program, words, { env: { ...process.env, MKE2FS_CONFIG: join(place.path, 'mke2fs.conf') } });
    const facts = execFileSync('dumpe2fs', ['-h', path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const fact = (label: string) => Number(new RegExp(`^${label}: +(\\d+)$`, 'm').exec(facts)?.[1]);
    assert.equal(fact('Block count') * 4096, sizeBytes);
    const contentBytes = entries.reduce(
      (sum, { entry }) => sum + (entry.type === 'file' ? Math.max(4096, entry.sizeBytes) : 0),
      0,
    );
    const roomBytes = (fact('Free blocks') - fact('Reserved block count')) * 4096;
    assert.ok(
      roomBytes >= contentBytes + freeBytes,
      `${roomBytes} bytes of room for ${contentBytes} and ${freeBytes}.`,
    );
    assert.ok(fact('Free inodes') >= entries.length + 50);
  });
}
