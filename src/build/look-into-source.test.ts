import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { lookIntoSource } from './look-into-source.ts';
import { type Bench, HOST, openBench, whyNoBuilds } from './testing.ts';

/** Makes an archive of files by path; one whose text begins with `→` is a link. */
async function archiveOf(bench: Bench, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(bench.folder, 'toy-1', path);
    await mkdir(dirname(file), { recursive: true });
    if (text.startsWith('→')) await symlink(text.slice(1), file);
    else await writeFile(file, text);
  }
  const archive = join(bench.folder, 'toy-1.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', bench.folder, 'toy-1']);
  return archive;
}

const look = (bench: Bench, path: string) =>
  lookIntoSource(
    { name: 'toy', path, archive: 'toy-1.tar.gz' },
    { store: bench.store, host: HOST, signal: new AbortController().signal },
  );

describe('looking into a source', { skip: whyNoBuilds() }, () => {
  it('tells what lies in the top folder, what its texts say, and which files speak of the GPL', async () => {
    await using bench = await openBench();
    const path = await archiveOf(bench, {
      'configure.ac': 'AC_INIT',
      Makefile: 'all:\n',
      'COPYING.LIB': 'a licence',
      'src/a.c': '/* GNU General Public License, or (at your option) any later version. */',
      'src/b.h': '/* GNU General Public License version 2. */',
      'src/c.c': 'int x;',
      'README (old)': 'not listed',
      LICENSE: '→COPYING.LIB',
    });
    const seen = unwrap(await look(bench, path));
    assert.deepEqual(seen.names, ['COPYING.LIB', 'LICENSE', 'Makefile', 'configure.ac', 'src']);
    assert.deepEqual(Object.fromEntries(seen.texts), {
      'COPYING.LIB': 'a licence',
      Makefile: 'all:\n',
      'configure.ac': 'AC_INIT',
    });
    assert.deepEqual(seen.gplFiles.toSorted(), ['./src/a.c', './src/b.h']);
    assert.deepEqual(seen.laterFiles, ['./src/a.c']);
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
  });

  it('refuses an archive that a build would refuse', async () => {
    await using bench = await openBench();
    const seen = await look(bench, await archiveOf(bench, { LICENSE: '→/etc/passwd' }));
    assert.ok(!seen.ok);
    assert.match(String(seen.problem.details), /toy-1\/LICENSE.* leads out of the tree/);
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
  });

  it('says so when there is nothing to unpack', async () => {
    await using bench = await openBench();
    const path = join(bench.folder, 'toy-1.tar.gz');
    await writeFile(path, 'no archive');
    const seen = await look(bench, path);
    assert.ok(!seen.ok && seen.problem.message.includes('toy-1.tar.gz of toy cannot be unpacked'));
    assert.deepEqual(await readdir(join(bench.folder, 'store/staging')), []);
  });
});
