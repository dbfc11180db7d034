import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sandboxArgv } from './argv.ts';
import { mountPointFor, type Sandbox, type SandboxHost } from './sandbox.ts';
import { LIMIT, SETUP } from './setup.ts';

const ROOT: SandboxHost = {
  asRoot: true,
  user: { uid: 998, gid: 997 },
  mountPoint: '/mnt',
  toolFolders: ['/etc/alternatives'],
};
const USER: SandboxHost = { ...ROOT, asRoot: false, user: { uid: 1000, gid: 1000 }, toolFolders: [] };

const PHASES: Sandbox = {
  kind: 'chroot',
  layerCount: 3,
  layersFolder: '/store/staging/run-1/layers',
  workFolder: '/store/staging/run-1/work',
  outFolder: '/store/staging/run-1/out',
  readOnly: [],
  env: { PATH: '/usr/bin:/usr/sbin', CFLAGS: '-O2 -pipe' },
  command: ['bash', '/build/phases.sh'],
  limits: { processes: 4096, fileBytes: 1 << 30, memoryGroup: '/sys/fs/cgroup/memory/blazeneuro-1' },
};
const UNPACK: Sandbox = {
  ...PHASES,
  kind: 'cross',
  layerCount: 0,
  limits: { processes: 4096, fileBytes: 1 << 30 },
  readOnly: [{ source: '/store/blobs/ab/abc', path: '/build/archives/0/grep.tar.xz' }],
};

describe('the command line of a sandbox', () => {
  it('in chroot, as root', (t) => golden(t, 'chroot-root', PHASES, ROOT));
  it('in chroot, as an ordinary user', (t) => golden(t, 'chroot-user', PHASES, USER));
  it('in chroot, as an ordinary user inside', (t) =>
    golden(t, 'chroot-tests', { ...PHASES, asOrdinaryUser: true }, ROOT));
  it('in cross, as root', (t) => golden(t, 'cross-root', UNPACK, ROOT));
  it('in cross, as an ordinary user', (t) => golden(t, 'cross-user', UNPACK, USER));

  it('keeps the overlay options of 150 layers within half a page', () => {
    const argv = sandboxArgv({ ...PHASES, layerCount: 150 }, USER);
    const options = argv.find((word) => word.includes('lowerdir='));
    assert.ok(options !== undefined && options.length < 2048, String(options?.length));
  });

  it('always shuts the network out', () => {
    for (const sandbox of [PHASES, UNPACK]) {
      for (const host of [ROOT, USER]) assert.ok(sandboxArgv(sandbox, host).includes('--unshare-net'));
    }
  });

  it('never runs a build as real root', () => {
    assert.ok(sandboxArgv(PHASES, ROOT).includes('--reuid=998'));
    assert.ok(!sandboxArgv(PHASES, USER).includes('setpriv'));
  });
});

describe('the mount point', () => {
  it('does not hide the store', () => {
    assert.equal(mountPointFor('/home/user/.cache/blazeneuro'), '/mnt');
    assert.equal(mountPointFor('/mnt/disk/store'), '/media');
    assert.equal(mountPointFor('/mnt'), '/media');
    assert.equal(mountPointFor('/mntx/store'), '/mnt');
  });
});

/** One word a line; scripts and the filter, which have files of their own, by their names. */
function golden(t: TestContext, name: string, sandbox: Sandbox, host: SandboxHost): void {
  const words = sandboxArgv(sandbox, host).map((word) => {
    if (word === SETUP) return '(setup)';
    if (word === LIMIT) return '(limit)';
    return word.startsWith('\\x') ? '(filter of system calls)' : word;
  });
  t.assert.fileSnapshot(words.join('\n'), `${import.meta.dirname}/golden/${name}.txt`, {
    serializers: [(text: string) => `${text}\n`],
  });
}
