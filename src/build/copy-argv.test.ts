import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { removeTree } from '#store';
import { copyArgv } from './copy-argv.ts';
import { HOST, whyNoBuilds } from './testing.ts';

const skip = whyNoBuilds();

/** What makes root the user that builds run as. */
const AS_BUILD_USER = HOST.asRoot
  ? ['setpriv', `--reuid=${HOST.user.uid}`, `--regid=${HOST.user.gid}`, '--clear-groups', '--']
  : [];

/** A work folder with all that a build can leave in one, and closed as far as it can be. */
const MAKE = String.raw`umask 022
mkdir work && cd work
echo a > secret; echo b > one; ln one two; echo c > setuid
mkdir -p closed/in narrow; echo d > closed/in/file; echo e > narrow/file
ln -s one link; ln -s nowhere/at/all dangling; ln -s / root
echo f > $'\xff odd\n-n "$(x)"'; : > -rf; : > ' '
truncate -s 64M sparse; echo g >> sparse
mkfifo jobserver fifo
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die'
touch -h -d @1 link one; touch -d @2.5 narrow
chmod 000 secret closed jobserver; chmod 6755 setuid; chmod 555 narrow .`;

/** What a folder holds, but for what says which of two it is. */
const LIST = String.raw`chmod u+rwx "$0" "$0/closed"; cd "$0"
find . -mindepth 1 -printf '%p %y %l %m %s %b %n %U:%G %T@\0' | sort -z | tr '\0\n' '\n '
find -type f -readable -print0 | sort -z | xargs -0 cat | md5sum`;

describe('the copy of a work folder', { skip }, () => {
  for (const asRoot of HOST.asRoot ? [true, false] : [false]) {
    it(`is all of it as it was, for ${asRoot ? 'root' : 'an ordinary user'}`, async (t) => {
      const folder = await openFolder();
      t.after(() => removeTree(folder));
      run([...AS_BUILD_USER, 'bash', '-euc', MAKE], folder);
      const [work, copy] = [join(folder, 'work'), join(folder, 'copy')];
      const modes = run(['stat', '-c', '%a', '.', 'secret', 'closed', 'narrow'], work);
      run([...(asRoot ? [] : AS_BUILD_USER), ...copyArgv(work, copy, { asRoot })], folder);
      assert.equal(modes, '555\n0\n0\n555\n');
      assert.equal(run(['stat', '-c', '%a', '.', 'secret', 'closed', 'narrow'], work), modes);
      assert.equal(run(['stat', '-c', '%a', '.', 'secret', 'closed', 'narrow'], copy), modes);
      const list = (of: string) => run([...AS_BUILD_USER, 'bash', '-euc', LIST, of], folder);
      const copied = list(copy);
      assert.match(copied, /\.\/closed\/in\/file f {2}644 2 /);
      assert.equal(copied, list(work));
      const inodes = (name: string) =>
        run(['stat', '-c', '%i', `work/${name}`, `copy/${name}`], folder).split('\n');
      const [fifo, sameFifo] = inodes('jobserver');
      assert.equal(fifo, sameFifo);
      const [other, anotherFifo] = inodes('fifo');
      assert.notEqual(other, anotherFifo);
    });
  }

  it('says what it could not copy', async (t) => {
    const folder = await openFolder();
    t.after(() => removeTree(folder));
    const [program = '', ...words] = copyArgv(join(folder, 'nowhere'), join(folder, 'copy'), HOST);
    const { status, stderr } = spawnSync(program, words, { encoding: 'utf8', env: ENV });
    assert.equal(status, 1);
    assert.match(stderr, /^cp: .*nowhere.*No such file or directory\n$/);
  });
});

const ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'copy-argv-test-'));
  if (HOST.asRoot) execFileSync('chown', [`${HOST.user.uid}:${HOST.user.gid}`, folder]);
  return folder;
}

function run([program = '', ...words]: readonly string[], cwd: string): string {
  return execFileSync(program, words, {
    cwd,
    encoding: 'utf8',
    env: ENV,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
