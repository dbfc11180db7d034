import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
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
    mke2fsArgv(identity, { file: 'disk.img', offsetBytes: 4096, sizeBytes: 8192 }).join(' '),
    'mke2fs -q -F -t ext4 -T image -O none,has_journal,ext_attr,resize_inode,dir_index,filetype,extent,64bit,flex_bg,' +
      'sparse_super,large_file,huge_file,dir_nlink,extra_isize,metadata_csum,metadata_csum_seed ' +
      '-b 4096 -I 256 -i 16384 -G 16 -J size=32 -m 1 -e remount-ro -L blazeneuro ' +
      '-U 00000000-0000-8000-8000-000000000001 -E offset=4096,resize=536870912,root_owner=0:0,lazy_itable_init=0,' +
      'lazy_journal_init=0,assume_storage_prezeroed=1,nodiscard,hash_seed=00000000-0000-8000-8000-000000000002 disk.img 2',
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
set_inode_field "./tmp" mode 041777
mkdir "usr"
mkdir "usr-x"
cd "/usr"
mkdir "bin"
set_inode_field "./bin" uid 7
cd "/usr/bin"
symlink "a ""b""" "x y"
write "files/11" "su"
set_inode_field "./su" mode 0104755
`,
  );
});

test('a path that debugfs cannot be told of is refused', () => {
  const refusal = (entry: OwnedEntry) => {
    const commands = fillCommands([entry], () => 'files/0');
    assert.ok(!commands.ok);
    return commands.problem.message;
  };
  assert.match(refusal(file('/a\nquit')), /final\/x has a line break in it: "\/a\\nquit"/);
  assert.match(refusal(file('/a\rquit')), /has a line break in it/);
  assert.match(refusal(owned({ type: 'symlink', path: '/a', target: 'b\nquit' })), /has a line break in it/);
  assert.match(
    refusal(owned({ type: 'symlink', path: '/a', target: '"'.repeat(4000) })),
    /is too long: "\/a"/,
  );
});

// What libss, debugfs or an option parser could take for something else than a name.
const ODD_NAMES = [
  ...['<2>', '<11>', '<8', '-p', '--help', '#x', '!x', 'a b', ' a ', 'a"b', '"', '""', "a'b", 'a\\', 'a\\n'],
  ...[
    'a\tb',
    '$HOME',
    '`id`',
    '*',
    '?',
    '~',
    'ä',
    'quit',
    'lost+found.',
    '...',
    '\u001b[2J',
    '%s',
    'a;b',
    '(x)',
  ],
];

test('no name is taken for something else', { skip: !hasProgram('debugfs') }, () => {
  using place = testFolder();
  const path = join(place.path, 'root');
  writeFileSync(join(place.path, 'bytes'), 'x');
  const entries = ODD_NAMES.flatMap((name): OwnedEntry[] => [
    folder(`/${name}`, '0700', 7),
    owned({ type: 'file', path: `/${name}/${name}`, sha256, sizeBytes: 1, mode: '0640', uid: 8, gid: 9 }),
    owned({ type: 'symlink', path: `/${name}/to`, target: name }),
  ]);
  const commands = fillCommands(entries, () => join(place.path, 'bytes'));
  assert.ok(commands.ok);
  writeFileSync(join(place.path, 'fill'), commands.value);
  makeEmpty(place.path, path, rootSizeBytes(entries, 0));
  assert.equal(debugfs(['-w', '-f', join(place.path, 'fill'), path]).errors, '');

  const seen = (within: string) =>
    debugfs(['-R', `ls -p "${within.replaceAll('"', '""')}"`, path])
      .text.split('\n')
      .map((line) => line.split('/'))
      .filter(([, , , , , name]) => name !== undefined)
      .map(([, , mode, uid, gid, name]) => `${name} ${mode} ${uid} ${gid}`);
  assert.deepEqual(
    seen('/')
      .filter((line) => /^(?:\.\.?|lost\+found) /.test(line))
      .sort(),
    ['. 040755 0 0', '.. 040755 0 0', 'lost+found 040700 0 0'],
  );
  for (const name of ODD_NAMES) {
    assert.ok(seen('/').includes(`${name} 040700 7 0`), `${name}: ${seen('/')}`);
    assert.deepEqual(
      seen(`/${name}`).sort(),
      ['. 040700 7 0', '.. 040755 0 0', `${name} 100640 8 9`, 'to 120777 0 0'].sort(),
    );
  }
});

function makeEmpty(place: string, path: string, sizeBytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  writeFileSync(join(place, 'mke2fs.conf'), MKE2FS_CONFIGURATION);
  const [program = '', ...words] = mke2fsArgv(identity, { file: path, offsetBytes: 0, sizeBytes });
  execFileSync(program, words, { env: { ...process.env, MKE2FS_CONFIG: join(place, 'mke2fs.conf') } });
}

/** What debugfs said, without its version. */
function debugfs(words: readonly string[]): { readonly text: string; readonly errors: string } {
  const { stdout, stderr } = spawnSync('debugfs', words, { encoding: 'utf8' });
  return { text: stdout, errors: stderr.split('\n').slice(1).join('\n') };
}

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
    makeEmpty(place.path, path, sizeBytes);
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
