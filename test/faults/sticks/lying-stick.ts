import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runTool } from '../../../src/drive/testing-loops.ts';

/** How a stick lies; the number says where, or how large it really is. See stick.py. */
export type Lie = { readonly lie: string; readonly at: number };

/** A loop device over a stick that nbdkit plays; all of it ends with the scope. */
export type LyingStick = AsyncDisposable & {
  readonly device: string;
  /** What stands for its serial. */
  readonly file: string;
};

/** Why no such stick can be had here; false when it can. */
export function whyNoLyingSticks(): string | false {
  for (const name of ['nbdkit', 'nbdfuse', 'fusermount3']) {
    if (spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0) return `${name} is not installed`;
  }
  const plugin = spawnSync('nbdkit', ['python', '--dump-plugin'], { encoding: 'utf8' });
  if (plugin.status !== 0) return 'nbdkit has no Python plugin';
  return existsSync('/dev/fuse') ? false : 'there is no /dev/fuse';
}

/** Starts a stick that lies: nbdkit serves it, nbdfuse makes a file of it, and a loop device a drive of that. */
export async function openLyingStick(
  folder: string,
  sizeBytes: number,
  { lie, at }: Lie,
): Promise<LyingStick> {
  // Of its own: a socket that an earlier one left would be taken for that of this one.
  const own = mkdtempSync(join(folder, 'stick-'));
  const [socket, mountPoint] = [join(own, 'nbd.sock'), join(own, 'nbd')];
  mkdirSync(mountPoint, { recursive: true });
  const words = [
    'python',
    join(import.meta.dirname, 'stick.py'),
    `size=${sizeBytes}`,
    `lie=${lie}`,
    `at=${at}`,
  ];
  const server = spawn('nbdkit', ['--foreground', '--unix', socket, ...words], { stdio: 'ignore' });
  await until(() => existsSync(socket));
  const fuse = spawn('nbdfuse', [`${mountPoint}/`, '--unix', socket], { stdio: 'ignore' });
  const file = join(mountPoint, 'nbd');
  await until(() => existsSync(file));
  // Past the cache of the file below as well: what is read back has to come from the stick.
  const device = runTool('losetup', '--find', '--show', '--direct-io=on', file).trim();
  return {
    device,
    file,
    [Symbol.asyncDispose]: async () => {
      runTool('losetup', '--detach', device);
      const ends = [server, fuse].map((child) => new Promise((resolve) => child.once('exit', resolve)));
      await until(() => spawnSync('fusermount3', ['-u', mountPoint]).status === 0);
      server.kill('SIGKILL');
      await Promise.all(ends);
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries > 200) throw new Error('A program that plays the stick did not come up, or did not end');
    await wait(50);
  }
}
