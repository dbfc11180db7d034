import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes } from '#base';
import { type OwnedEntry, systemManifest } from '#image';
import { temporaryFolder } from './shell.ts';

const TOOL = join(import.meta.dirname, '../../recipes/blazeneuro-tool/files/blazeneuro');
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** A small system with its own list, and the tool that looks at it. */
function makeSystem() {
  const root = temporaryFolder();
  for (const folder of ['usr', 'usr/bin', 'usr/lib', 'usr/lib/blazeneuro', 'etc']) {
    mkdirSync(join(root, folder));
    chmodSync(join(root, folder), 0o755);
  }
  const owned = (entry: OwnedEntry['entry']) => ({ entry, build: 'final/toy', hostPath: '' });
  const file = (path: string, text: string) => {
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), 0o755);
    const sizeBytes = Buffer.byteLength(text);
    return owned({ type: 'file', path, sha256: digestOfBytes(text), sizeBytes, mode: '0755', ...owner });
  };
  const folder = (path: string) => owned({ type: 'directory', path, mode: '0755', ...owner });
  symlinkSync('usr/bin', join(root, 'bin'));
  const list = systemManifest('toy', [
    owned({ type: 'symlink', path: '/bin', target: 'usr/bin' }),
    folder('/etc'),
    file('/etc/a setting', 'on'),
    folder('/usr'),
    folder('/usr/bin'),
    file('/usr/bin/blazeneuro', 'the tool'),
    file('/usr/bin/two words', 'a program'),
  ]);
  assert.ok(list !== undefined);
  writeFileSync(
    join(root, list.path),
    String(list.content).replaceAll('symlink\t-\t0:0', `symlink\t-\t${owner.uid}:${owner.gid}`),
  );
  const blazeneuro = (...words: readonly string[]) => {
    const env = { PATH: process.env['PATH'], BLAZENEURO_ROOT: root };
    return spawnSync('dash', [TOOL, ...words], { encoding: 'utf8', env });
  };
  return { root, blazeneuro };
}

test('a system that is as it was made has nothing to tell', () => {
  const { blazeneuro } = makeSystem();
  const { status, stdout } = blazeneuro('check');
  assert.equal(stdout, '0 files of the system are other than they were made, 0 settings were changed\n');
  assert.equal(status, 0);
});

test('what is other, gone, of another mode or kind is named, and settings are told apart', () => {
  const { root, blazeneuro } = makeSystem();
  writeFileSync(join(root, 'etc/a setting'), 'off');
  rmSync(join(root, 'usr/bin/blazeneuro'));
  chmodSync(join(root, 'usr/bin/two words'), 0o4755);
  rmSync(join(root, 'bin'));
  symlinkSync('elsewhere', join(root, 'bin'));
  const { status, stdout } = blazeneuro('check');
  assert.deepEqual(stdout.trim().split('\n'), [
    'DAMAGED  /bin (target)',
    'changed  /etc/a setting (content)',
    'DAMAGED  /usr/bin/blazeneuro (gone)',
    'DAMAGED  /usr/bin/two words (mode)',
    '3 files of the system are other than they were made, 1 settings were changed',
  ]);
  assert.equal(status, 1);
});

test('what the running kernel has mounted has rights of its own', () => {
  const { root, blazeneuro } = makeSystem();
  mkdirSync(join(root, 'proc/self'), { recursive: true });
  writeFileSync(join(root, 'proc/self/mounts'), 'nothing /usr/bin nothing rw 0 0\n');
  chmodSync(join(root, 'usr/bin'), 0o555);
  chmodSync(join(root, 'usr/bin/two words'), 0o555);
  const { status, stdout } = blazeneuro('check');
  assert.match(stdout, /^DAMAGED {2}\/usr\/bin\/two words \(mode\)\n1 files/);
  assert.equal(status, 1);
});

test('it knows its profile, and where a file comes from', () => {
  const { blazeneuro } = makeSystem();
  assert.equal(blazeneuro('profile').stdout, 'toy\n');
  assert.match(blazeneuro('version').stdout, /^BlazeNeuro, profile toy, image [0-9a-f]{12}, Linux /);
  assert.match(blazeneuro('manifest', '/usr/bin').stdout, /\t\/usr\/bin\/two words\tfinal\/toy\n$/);
  assert.equal(blazeneuro('manifest', '/usr/b').status, 1);
  assert.equal(blazeneuro('dance').status, 2);
});
