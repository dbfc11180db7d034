import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { digestOfBytes, unwrap } from '#base';
import { Jobserver } from '#jobserver';
import type { Store } from '#store';
import { type BuildLimits, defaultLimits } from './limits.ts';
import { type Bench, EPOCH, openBench, problemIn, toy, whyNoBuilds } from './testing.ts';
import { failedFolder } from './workplace.ts';

const skip = whyNoBuilds();

describe('a build', { skip }, () => {
  it('leaves what it wrote to $OUT as an artifact, under its key', async () => {
    await using bench = await openBench();
    const made = unwrap(
      await bench.build(toy({ phases: { install: 'mkdir $OUT/usr; echo hello > $OUT/usr/x' } })),
    );
    assert.deepEqual(await bench.store.lookUp(made.key), made);
    assert.equal(await readFile(join(bench.store.treePath(made.artifact), 'usr/x'), 'utf8'), 'hello\n');
    assert.equal(made.build, 'final/toy');
    assert.equal(made.checkPassed, undefined);
  });

  it('leaves nothing else: no staging, no failure', async () => {
    await using bench = await openBench();
    unwrap(await bench.build(toy({ phases: { install: ': > $OUT/x' } })));
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
    assert.deepEqual(await readdir(join(bench.folder, 'store/state/failed')), []);
  });

  it('sees the artifacts of its needs, the last on top', async () => {
    await using bench = await openBench();
    const layer = async (text: string) => {
      const planned = toy({
        name: `final/${text}`,
        phases: { install: `echo ${text} | tee $OUT/both > $OUT/${text}` },
      });
      return unwrap(await bench.build(planned)).artifact;
    };
    const needs = [await layer('one'), await layer('two')];
    const look = toy({ phases: { install: 'cat /mnt/lfs/{one,two,both} > $OUT/seen' } });
    const made = unwrap(await bench.build(look, needs));
    assert.equal(
      await readFile(join(bench.store.treePath(made.artifact), 'seen'), 'utf8'),
      'one\ntwo\ntwo\n',
    );
  });

  it('runs its phases in order in the folder of the source, each in a shell of its own', async () => {
    await using bench = await openBench();
    const phases = {
      prepare: 'pwd > $OUT/where; mkdir deep; cd deep; leaked=1',
      build: 'pwd >> $OUT/where; [ ! -v leaked ]; echo clean > $OUT/leak; umask > $OUT/umask',
      install: 'echo "$JOBS $MAKEFLAGS" > $OUT/jobs',
    };
    const tree = bench.store.treePath(unwrap(await bench.build(toy({ phases }))).artifact);
    assert.equal(await readFile(join(tree, 'where'), 'utf8'), '/build/source\n/build/source\n');
    assert.equal(await readFile(join(tree, 'leak'), 'utf8'), 'clean\n');
    assert.equal(await readFile(join(tree, 'umask'), 'utf8'), '0022\n');
    assert.equal(await readFile(join(tree, 'jobs'), 'utf8'), '2 -j2\n');
    const begun = bench.events.flatMap((event) => (event.type === 'phase-started' ? [event.phase] : []));
    assert.deepEqual(begun, ['prepare', 'build', 'install', 'pack']);
  });

  it('finds its files below /build', async () => {
    await using bench = await openBench();
    const files = { 'files/etc/x': 'mine', 'profile/hostname': 'toy\n' };
    const planned = toy({ files, phases: { install: 'cp /build/files/etc/x /build/profile/hostname $OUT' } });
    const tree = bench.store.treePath(unwrap(await bench.build(planned)).artifact);
    assert.equal(await readFile(join(tree, 'x'), 'utf8'), 'mine');
  });

  it('gives the same artifact when it runs twice', async () => {
    await using bench = await openBench();
    const install = 'mkdir -p $OUT/{b,a}; date +%s > $OUT/a/same; echo x > $OUT/b/y; ln -s y $OUT/b/z';
    const planned = toy({ phases: { install: install.replace('date +%s', 'echo $SOURCE_DATE_EPOCH') } });
    const first = unwrap(await bench.build(planned));
    const second = unwrap(await bench.build(planned));
    assert.equal(second.artifact, first.artifact);
  });
});

describe('a build in a seat', { skip }, () => {
  it('takes what is free, and has left before it is packed', async () => {
    await using bench = await openBench();
    const jobserver = new Jobserver(3);
    const seat = jobserver.takeSeat(1);
    assert.ok(seat !== undefined);
    const freeAtPack: number[] = [];
    const emit: typeof bench.options.emit = (event) => {
      if (event.type === 'phase-started' && event.phase === 'pack') freeAtPack.push(jobserver.free);
    };
    const build = `echo 'all: a b c; @cat $(wildcard seen-*) > seen
a b c: ; @: > seen-$@; until [ -e seen-a -a -e seen-b -a -e seen-c ]; do sleep 0.01; done' > Makefile
make > said 2>&1`;
    const install = 'echo "$MAKEFLAGS" > $OUT/flags; cp said $OUT; ls /build > $OUT/folder';
    const planned = toy({ phases: { build, install } });
    const made = unwrap(await bench.build(planned, [], { seat, emit }));
    const tree = bench.store.treePath(made.artifact);
    assert.match(await readFile(join(tree, 'flags'), 'utf8'), /^-j2 --jobserver-auth=\d\d,\d\d\n$/);
    assert.equal(await readFile(join(tree, 'said'), 'utf8'), '');
    assert.deepEqual(freeAtPack, [3]);
  });

  it('that fails leaves no fifo to wait at for whoever looks', async () => {
    await using bench = await openBench();
    const jobserver = new Jobserver(2);
    const seat = jobserver.takeSeat(1);
    assert.ok(seat !== undefined);
    problemIn(await bench.build(toy({ phases: { build: '[ ! -p /build/jobserver ]' } }), [], { seat }));
    const kept = await failedFolder('final/toy', bench.store);
    assert.ok(!(await readdir(join(kept, 'work'))).includes('jobserver'));
    assert.equal(jobserver.free, 2);
  });

  it('is measured phase by phase', async () => {
    await using bench = await openBench();
    const phases = { build: 'for ((i = 0; i < 100000; i++)); do :; done', install: ': > $OUT/x' };
    const made = unwrap(await bench.build(toy({ phases })));
    assert.deepEqual(Object.keys(made.phases ?? {}), ['build', 'install', 'pack']);
    const { build } = made.phases ?? {};
    assert.ok(build !== undefined && build.cpuMs > 0 && build.wallMs > 0);
    assert.ok(made.cpuMs >= build.cpuMs);
  });
});

describe('the sources of a build', { skip }, () => {
  it('are unpacked, one into the other, patched, and all of one time', async () => {
    await using bench = await openBench();
    const sources = [
      {
        folder: '.',
        digest: await addArchive(bench, 'main'),
        archive: 'main.tar',
        patches: ['/build/patches/a.patch'],
      },
      { folder: 'gmp', digest: await addArchive(bench, 'gmp'), archive: 'gmp.tar', patches: [] },
    ];
    const patch = '--- a/name\n+++ b/name\n@@ -1 +1 @@\n-main\n+patched\n';
    const install = 'cat name gmp/name > $OUT/names; stat -c %Y name gmp . > $OUT/times';
    const planned = toy({ sources, files: { 'patches/a.patch': patch }, phases: { install } });
    const tree = bench.store.treePath(unwrap(await bench.build(planned)).artifact);
    assert.equal(await readFile(join(tree, 'names'), 'utf8'), 'patched\ngmp\n');
    assert.equal(await readFile(join(tree, 'times'), 'utf8'), `${EPOCH}\n`.repeat(3));
  });

  it('that cannot be patched fail the build before its first phase', async () => {
    await using bench = await openBench();
    const digest = await addArchive(bench, 'main');
    const sources = [{ folder: '.', digest, archive: 'main.tar', patches: ['/build/patches/a.patch'] }];
    const files = { 'patches/a.patch': '--- a/name\n+++ b/name\n@@ -1 +1 @@\n-other\n+patched\n' };
    const problem = problemIn(await bench.build(toy({ sources, files, phases: { install: ': > $OUT/x' } })));
    assert.match(problem.message, /failed in its phase unpack: exit code 1/);
    assert.match(problem.details?.join('\n') ?? '', /FAILED/);
  });

  it('that could do harm are refused, by the name of the archive and of its entry', async () => {
    await using bench = await openBench();
    const [folder, tar] = [join(bench.folder, 'evil'), join(bench.folder, 'evil.tar')];
    await mkdir(folder);
    await symlink('/etc', join(folder, 'link'));
    execFileSync('tar', ['-cf', tar, '-C', bench.folder, 'evil']);
    const digest = digestOfBytes(await readFile(tar));
    await bench.store.addBlob(tar, digest);
    const sources = [{ folder: '.', digest, archive: 'evil.tar', patches: [] }];
    const problem = problemIn(await bench.build(toy({ sources, phases: { install: ': > $OUT/x' } })));
    const sentence =
      'The archive evil.tar is refused: "evil/link" is a link that leads out of the tree: "/etc"';
    assert.equal(problem.kind, 'archive-refused');
    assert.equal(problem.message, `final/toy has no source. ${sentence}`);
    assert.ok((await readFile(problem.place ?? '', 'utf8')).split('\n').includes(sentence));
    assert.deepEqual(await readdir(join(bench.folder, 'store/state/failed')), []);
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
  });

  it('may be as large as the limits allow', async () => {
    await using bench = await openBench();
    const digest = await addArchive(bench, 'main');
    const planned = toy({
      sources: [{ folder: '.', digest, archive: 'main.tar', patches: [] }],
      phases: { install: ': > $OUT/x' },
    });
    const limited = (changes: Partial<BuildLimits>) =>
      bench.build(planned, [], { limits: { ...defaultLimits(), ...changes } });
    assert.match(
      problemIn(await limited({ unpackedBytes: 1500 })).message,
      /"main\/name" has more than 1500 bytes in it/,
    );
    assert.match(problemIn(await limited({ unpackedEntries: 1 })).message, /has too many entries/);
    unwrap(await limited({ unpackedEntries: 2 }));
  });
});

describe('a build that fails', { skip }, () => {
  it('names its phase, its last lines and its log, and keeps its workplace for a look', async () => {
    await using bench = await openBench();
    const phases = { build: 'echo one; seq 30; echo the end >&2; false; echo never', install: ': > $OUT/x' };
    const problem = problemIn(await bench.build(toy({ phases })));
    assert.equal(problem.kind, 'phase-failed');
    assert.match(problem.message, /^final\/toy failed in its phase build: exit code 1$/);
    assert.equal(problem.details?.at(-1), 'the end');
    assert.equal(problem.details?.length, 20);
    assert.equal(problem.place, join(bench.folder, 'logs/final/toy.log'));
    assert.match(await readFile(problem.place, 'utf8'), /==> build\none\n1\n/);
    const kept = await failedFolder('final/toy', bench.store);
    assert.deepEqual((await readdir(kept)).sort(), ['layer-count', 'layers', 'out', 'replay.sh', 'work']);
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
  });

  it('fails at the first command that does, and in a pipe', async () => {
    await using bench = await openBench();
    for (const script of ['false; true', 'false | true', 'echo $NOT_SET', 'exit 3']) {
      assert.equal(
        problemIn(await bench.build(toy({ phases: { install: script } }))).kind,
        'phase-failed',
        script,
      );
    }
  });

  it('is forgotten once it succeeds', async () => {
    await using bench = await openBench();
    problemIn(await bench.build(toy({ phases: { build: 'exit 1' } })));
    unwrap(await bench.build(toy({ phases: { install: ': > $OUT/x' } })));
    assert.deepEqual(await readdir(join(bench.folder, 'store/state/failed')), []);
  });

  it('because of what it left in $OUT, says where the log is', async () => {
    await using bench = await openBench();
    const install = ': > $OUT/su; chmod 4755 $OUT/su';
    const problem = problemIn(await bench.build(toy({ phases: { install } })));
    assert.equal(problem.kind, 'output-not-allowed');
    assert.match(problem.place ?? '', /final\/toy\.log$/);
    assert.ok((await stat(await failedFolder('final/toy', bench.store))).isDirectory());
  });

  it('when it is interrupted leaves nothing, as it did nothing wrong', async () => {
    await using bench = await openBench();
    const stop = new AbortController();
    const emit: typeof bench.options.emit = (event) => {
      if (event.type === 'phase-started') stop.abort();
    };
    const planned = toy({ phases: { build: 'sleep 100' } });
    const problem = problemIn(await bench.build(planned, [], { signal: stop.signal, emit }));
    assert.equal(problem.kind, 'interrupted');
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
    assert.deepEqual(await readdir(join(bench.folder, 'store/state/failed')), []);
  });

  it('on a full disk while it is stored says so, and leaves nothing', async () => {
    await using bench = await openBench();
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const store: Store = Object.create(bench.store, {
      commit: { value: () => Promise.reject(full) },
      lookUp: { value: () => Promise.resolve(undefined) },
      stagingFolder: { value: () => bench.store.stagingFolder() },
      stateFolder: { value: (name: string) => bench.store.stateFolder(name) },
    });
    const problem = problemIn(await bench.build(toy({ phases: { install: ': > $OUT/x' } }), [], { store }));
    assert.equal(problem.kind, 'no-space');
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
  });
});

/** Puts an archive with one file, `name`, into the store. */
async function addArchive(bench: Bench, name: string): Promise<ReturnType<typeof digestOfBytes>> {
  await mkdir(join(bench.folder, name));
  await writeFile(join(bench.folder, name, 'name'), `${name}\n`);
  const archive = join(await bench.store.stagingFolder(), 'archive');
  execFileSync('tar', ['-cf', archive, '-C', bench.folder, name]);
  const digest = digestOfBytes(await readFile(archive));
  await bench.store.addBlob(archive, digest);
  return digest;
}
