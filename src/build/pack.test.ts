import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { digestOfBytes, unwrap } from '#base';
import { artifactDigest, type Entry } from '#manifest';
import type { Exception } from '#recipe';
import { removeTree } from '#store';
import { LAYOUT_LINKS, packTree } from './pack.ts';
import { EPOCH, problemIn } from './testing.ts';

describe('packing', () => {
  it('lists every file, folder and link, by path, as the running system has them', async (t) => {
    const tree = await treeOf(
      t,
      'mkdir -p usr/bin empty; echo x > usr/bin/x; chmod 700 usr/bin/x; ln -s x usr/bin/y',
    );
    const owner = { uid: 0, gid: 0 };
    assert.deepEqual((await pack(tree)).entries, [
      { type: 'directory', path: '/empty', mode: '0755', ...owner },
      { type: 'directory', path: '/usr', mode: '0755', ...owner },
      { type: 'directory', path: '/usr/bin', mode: '0755', ...owner },
      {
        type: 'file',
        path: '/usr/bin/x',
        sha256: digestOfBytes('x\n'),
        sizeBytes: 2,
        mode: '0755',
        ...owner,
      },
      { type: 'symlink', path: '/usr/bin/y', target: 'x' },
    ]);
  });

  it('makes modes plain: what anybody may execute is 0755, other files are 0644', async (t) => {
    const make =
      'for mode in 400 444 600 640 666 711 755 100; do : > $mode; chmod $mode $mode; done; mkdir -m 700 folder';
    const tree = await treeOf(t, make);
    const modes = new Map(
      (await pack(tree)).entries.map((entry) => [entry.path, 'mode' in entry ? entry.mode : '']),
    );
    for (const name of ['400', '444', '600', '640', '666']) assert.equal(modes.get(`/${name}`), '0644', name);
    for (const name of ['711', '755', '100', 'folder']) assert.equal(modes.get(`/${name}`), '0755', name);
    for (const [path, mode] of modes) {
      assert.equal((await lstat(join(tree, path))).mode & 0o7777, Number.parseInt(mode, 8), path);
    }
  });

  it('opens the top folder to all, since it becomes the root of a sysroot', async (t) => {
    const tree = await treeOf(t, ': > x; chmod 700 .');
    await pack(tree);
    assert.equal((await lstat(tree)).mode & 0o7777, 0o755);
  });

  it('gives everything one time, links and folders as well', async (t) => {
    const tree = await treeOf(t, 'mkdir -p a/b; : > a/b/c; ln -s nowhere a/link');
    const { entries } = await pack(tree);
    for (const { path } of entries) assert.equal((await lstat(join(tree, path))).mtimeMs, EPOCH * 1000, path);
  });

  it('gives equal trees equal digests, whenever and however they were made', async (t) => {
    const one = await treeOf(t, 'umask 077; mkdir a; echo 1 > a/1; echo 2 > b');
    const other = await treeOf(t, 'echo 2 > b; mkdir a; echo 1 > a/1; touch -d 2001-01-01 b a; chmod 666 b');
    assert.equal(artifactDigest(await pack(one)), artifactDigest(await pack(other)));
  });

  it('tells apart what differs in a name, a byte, a mode or a target', async (t) => {
    const trees = [
      'echo 1 > a',
      'echo 2 > a',
      'echo 1 > b',
      'echo 1 > a; chmod +x a',
      'ln -s 1 a',
      'ln -s 2 a',
      'mkdir a',
    ];
    const digests = await Promise.all(
      trees.map(async (make) => artifactDigest(await pack(await treeOf(t, make)))),
    );
    assert.equal(new Set(digests).size, trees.length);
  });

  it('keeps hard links and names with spaces and newlines', async (t) => {
    const tree = await treeOf(t, String.raw`echo x > 'a b'; ln 'a b' $'c\nd'; echo ü > ü`);
    assert.deepEqual(
      (await pack(tree)).entries.map(({ path }) => path),
      ['/a b', '/c\nd', '/ü'],
    );
  });
});

describe('declared exceptions', () => {
  const declared = { '/su': { mode: '4755' }, '/tmp': { mode: '1777' }, '/mail': { gid: 34, uid: 8 } };

  it('are recorded, and never lie on the disk', async (t) => {
    const tree = await treeOf(t, ': > su; chmod 4711 su; mkdir tmp mail');
    const { entries } = await pack(tree, declared);
    assert.deepEqual(entries.map(facts), [
      ['/mail', '0755', 8, 34],
      ['/su', '4755', 0, 0],
      ['/tmp', '1777', 0, 0],
    ]);
    assert.equal((await lstat(join(tree, 'su'))).mode & 0o7777, 0o755);
    assert.equal((await lstat(join(tree, 'tmp'))).mode & 0o7777, 0o755);
  });

  it('need not have been made so by the build', async (t) => {
    const { entries } = await pack(await treeOf(t, ': > su'), { '/su': { mode: '755' } });
    assert.deepEqual(entries.map(facts), [['/su', '0755', 0, 0]]);
  });
});

describe('output that is not allowed', () => {
  const cases: readonly (readonly [string, string, RegExp, Readonly<Record<string, Exception>>?])[] = [
    ['undeclared setuid', ': > su; chmod 4755 su', /\/su has mode 4755, and the recipe does not declare it/],
    [
      'undeclared setgid on a folder',
      'mkdir deep; mkdir deep/x; chmod g+s deep/x',
      /\/deep\/x has mode 2755/,
    ],
    ['an undeclared sticky bit', 'mkdir tmp; chmod 1777 tmp', /\/tmp has mode 1777/],
    [
      'setuid where only an owner is declared',
      ': > su; chmod 4755 su',
      /\/su has mode/,
      { '/su': { gid: 5 } },
    ],
    ['a pipe', 'mkfifo pipe', /\/pipe is neither file, folder nor link/],
    [
      'an exception for what is not there',
      ': > x',
      /\/su is declared in `exceptions`/,
      { '/su': { mode: '4755' } },
    ],
    ['an exception for a link', 'ln -s x su', /\/su is a link/, { '/su': { mode: '4755' } }],
    [
      'a folder in the place of a link of the layout',
      'mkdir bin; : > bin/x',
      /\/bin is a folder, and would hide/,
    ],
    ['nothing', 'true', /left nothing in \$OUT/],
    [
      'a socket',
      "perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => q(x), Listen => 1) or die'",
      /\/x is neither/,
    ],
    [
      'a link to a name that is no UTF-8',
      String.raw`ln -s $'caf\xe9' x`,
      /\/x points to a name that is not UTF-8/,
    ],
    [
      'a hole larger than all may be',
      ': > a; truncate -s 1T b',
      /\/b is too much: all files together may have 1.0 MiB/,
    ],
    [
      'a tree that is too deep',
      `perl -e 'for (1..50) { $name = "d" x 99; mkdir $name or die; chdir $name or die }'`,
      /\/ddd.*… is longer than 3072 bytes/,
    ],
    ['an evil name, which it spells out', String.raw`mkfifo $'\e[2J\n'`, /\/\\x1b\[2J\\x0a is neither/],
    ['a name that is no UTF-8', String.raw`: > $'caf\xe9'`, /a name that is not UTF-8/],
  ];
  for (const [what, make, message, exceptions] of cases) {
    it(what, async (t) => {
      const rules = {
        build: 'final/toy',
        exceptions: exceptions ?? {},
        sourceDateEpoch: EPOCH,
        links: LAYOUT_LINKS,
        outputBytes: 1 << 20,
      };
      const problem = problemIn(await packTree(await treeOf(t, make), rules));
      assert.equal(problem.kind, 'output-not-allowed');
      assert.equal(problem.subject, 'final/toy');
      assert.match(problem.message, message);
    });
  }
});

it('a large file is digested whole', async (t) => {
  const tree = await treeOf(t, 'head -c 1000000 /dev/zero > zeros');
  const [entry] = (await pack(tree)).entries;
  assert.ok(entry?.type === 'file');
  assert.equal(entry.sha256, digestOfBytes(await readFile(join(tree, 'zeros'))));
});

async function treeOf(t: TestContext, make: string): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'pack-test-'));
  t.after(() => removeTree(tree));
  execFileSync('bash', ['-euc', make], { cwd: tree, env: { PATH: '/usr/bin:/bin' }, stdio: 'ignore' });
  return tree;
}

async function pack(tree: string, exceptions: Readonly<Record<string, Exception>> = {}) {
  return unwrap(
    await packTree(tree, {
      build: 'final/toy',
      exceptions,
      sourceDateEpoch: EPOCH,
      links: [],
      outputBytes: 1 << 30,
    }),
  );
}

function facts(entry: Entry): unknown[] {
  return entry.type === 'symlink' ? [entry.path] : [entry.path, entry.mode, entry.uid, entry.gid];
}
