import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOfBytes, type HostPath } from '#base';
import { defineProfile } from '#recipe';
import { assembleImage } from './assemble-image.ts';
import { buildsOf } from './image-manifest.ts';
import type { Image } from './publish.ts';
import { elfSample, hasProgram, hostTools, type Sample, testFolder, writeArtifact } from './testing.ts';

const MIB = 1024 * 1024;
const TIME = 1735689600;
const SECTOR = 512;

const hasTools =
  [
    'mke2fs',
    'debugfs',
    'e2fsck',
    'dumpe2fs',
    'mkfs.fat',
    'fsck.fat',
    'mcopy',
    'sfdisk',
    'grub-mkimage',
  ].every(hasProgram) &&
  ['i386-pc', 'x86_64-efi'].every((platform) => existsSync(`/usr/lib/grub/${platform}/modinfo.sh`));

const profile = defineProfile({
  name: 'sample',
  description: 'A made-up system.',
  packages: ['final/all', 'system/etc'],
  exclude: ['/usr/include/**', '/usr/lib/initrd'],
  kernel: { build: 'system/linux', fragments: [], commandLine: ['net.ifnames=0'] },
  initrd: { init: '/usr/lib/initrd/init', programs: ['/usr/bin/bash'] },
  hostname: 'sample',
  timezone: 'UTC',
  services: [],
  image: { espSizeBytes: 64 * MIB, rootFreeBytes: 16 * MIB, tools: 'host' },
});

const all: Record<string, Sample> = {
  '/bin': { link: 'usr/bin' },
  '/tmp/': { mode: '1777' },
  '/usr/bin/sh': { link: 'bash' },
  '/usr/bin/bash': elfSample(undefined, []),
  '/usr/bin/su': { mode: '4755', text: 'su' },
  '/usr/bin/[': 'test',
  '/usr/lib/initrd/init': '#!/bin/sh\n',
  '/usr/include/stdio.h': 'int puts(const char *);',
  '/usr/share/same-1': 'equal bytes',
  '/usr/share/same-2': 'equal bytes',
  '/usr/share/a "quoted" name': {
    link: 'a target with "quotes" that is longer than the sixty bytes of an inode',
  },
  '/usr/share/large': Buffer.alloc(3 * MIB, 'large'),
  '/usr/share/sparse': Buffer.concat([Buffer.alloc(MIB), Buffer.from('end')]),
  // Enough names for a directory of many blocks.
  ...Object.fromEntries(
    Array.from({ length: 700 }, (_, at) => [`/usr/share/many/a-rather-long-name-${at}`, `${at}`]),
  ),
};
const etc: Record<string, Sample> = {
  '/etc/shadow': { mode: '0640', uid: 0, gid: 42, text: 'root::1::::::' },
  '/home/ada/': { mode: '0700', uid: 1000, gid: 100000 },
};

type Change = { readonly initrd?: null; readonly activeFlag?: 'none' | 'dummy' | 'protective' };

async function assemble(folder: HostPath, change: Change = {}) {
  const artifacts = [writeArtifact(folder, 'final/all', all), writeArtifact(folder, 'system/etc', etc)];
  const kernel = writeArtifact(folder, 'system/linux', { '/boot/vmlinuz': 'a kernel' });
  const trees = new Map([...artifacts, kernel].map(({ digest, tree }) => [digest, tree]));
  return assembleImage(
    {
      profile: {
        ...profile,
        ...(change.initrd === null && { initrd: null }),
        ...(change.activeFlag && { image: { ...profile.image, activeFlag: change.activeFlag } }),
      },
      artifacts,
      kernel,
      bootLoader: 'final/grub',
      sourceDateEpoch: TIME,
    },
    {
      runTools: hostTools({ SOURCE_DATE_EPOCH: `${TIME}` }),
      treePath: (digest) => trees.get(digest) ?? assert.fail('unknown artifact'),
      scratchFolder: join(folder, 'scratch'),
      outFolder: join(folder, 'out'),
    },
  );
}

async function assembled(folder: HostPath, change: Change = {}): Promise<Image> {
  const image = await assemble(folder, change);
  if (!image.ok) assert.fail(image.problem.message);
  return image.value;
}

function run(command: string): string {
  const { PATH } = process.env;
  const done = spawnSync('bash', ['-c', `set -eu -o pipefail; ${command}`], {
    encoding: 'utf8',
    env: { PATH, TZ: 'UTC', LC_ALL: 'C' },
    maxBuffer: 64 * MIB,
  });
  assert.equal(done.status, 0, `${command}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Cuts a partition out of an image, for tools that know file systems only. */
function cutOut(image: Image, role: 'esp' | 'root', file: HostPath): HostPath {
  const partition = image.manifest.partitions.find((one) => one.role === role) ?? assert.fail(role);
  const { startSector, sizeSectors } = partition;
  run(`dd if=${image.imagePath} of=${file} bs=1M iflag=skip_bytes,count_bytes conv=sparse status=none \
    skip=${startSector * SECTOR} count=${sizeSectors * SECTOR}`);
  return file;
}

test('an image has sound partitions and file systems, with the modes, owners and times of the manifests', {
  skip: !hasTools,
}, async () => {
  using folder = testFolder();
  const image = await assembled(folder.path);

  assert.equal(statSync(image.imagePath).size, image.sizeBytes);
  assert.equal(createHash('sha256').update(readFileSync(image.imagePath)).digest('hex'), image.digest);
  assert.match(run(`sfdisk --verify ${image.imagePath}`), /No errors detected/);
  assert.deepEqual(readdirSync(join(folder.path, 'scratch')), []);
  assert.deepEqual(readdirSync(join(folder.path, 'out')).sort(), ['blazeneuro.img', 'manifest.json']);

  const root = cutOut(image, 'root', join(folder.path, 'root'));
  run(`e2fsck -fn ${root}`);
  const facts = run(`dumpe2fs -h ${root}`);
  const fact = (name: string) => new RegExp(`^${name}: +(.*)$`, 'm').exec(facts)?.[1];
  assert.equal(fact('Filesystem UUID'), image.manifest.partitions[1]?.fileSystem?.uuid);
  assert.equal(fact('Block size'), '4096');
  const freeBytes = (Number(fact('Free blocks')) - Number(fact('Reserved block count'))) * 4096;
  assert.ok(freeBytes >= profile.image.rootFreeBytes, `${freeBytes} bytes are free.`);
  assert.ok(freeBytes < 96 * MIB, `${freeBytes} bytes are free.`);

  const stat = (path: string) => run(`debugfs -R 'stat ${path}' ${root}`);
  const owner = (path: string) => /Mode: +(\d+)[\s\S]*User: +(\d+) +Group: +(\d+)/.exec(stat(path))?.slice(1);
  assert.deepEqual(owner('/usr/bin/su'), ['04755', '0', '0']);
  assert.deepEqual(owner('/usr/bin/bash'), ['0755', '0', '0']);
  assert.deepEqual(owner('/tmp'), ['01777', '0', '0']);
  assert.deepEqual(owner('/etc/shadow'), ['0640', '0', '42']);
  assert.deepEqual(owner('/home/ada'), ['0700', '1000', '100000']);
  for (const path of ['/', '/usr', '/usr/bin/sh', '/usr/bin/su', '/etc/fstab', '/lost+found']) {
    const times = [...stat(path).matchAll(/^ *(\w+time): (\S+) -- (.*)$/gm)].map(([, name, hex, text]) => [
      name,
      hex,
      text,
    ]);
    assert.equal(times.length, 4);
    for (const [, hex, text] of times)
      assert.equal(`${hex} ${text}`, '0x67748580:00000000 Wed Jan  1 00:00:00 2025');
  }
  assert.match(stat('/usr/share/same-1'), /Links: 1/);
  assert.match(
    run(`debugfs -R 'cat /etc/fstab' ${root}`),
    new RegExp(`^UUID=${fact('Filesystem UUID')} / ext4`, 'm'),
  );
  run(`debugfs -R 'dump /usr/share/large ${folder.path}/large' ${root}`);
  run(`debugfs -R 'dump /usr/share/sparse ${folder.path}/sparse' ${root}`);
  assert.deepEqual(readFileSync(join(folder.path, 'large')), all['/usr/share/large']);
  assert.deepEqual(readFileSync(join(folder.path, 'sparse')), all['/usr/share/sparse']);
  const listed = run(`debugfs -R 'ls -p /usr/share' ${root}`)
    .split('\n')
    .map((line) => line.split('/')[5]);
  assert.ok(listed.includes('a "quoted" name'));
  assert.ok(!existsSync(join(folder.path, 'usr/include')));
  assert.equal(run(`debugfs -R 'ls -p /usr/include' ${root}`).match(/stdio/), null);
});

test('the ESP holds kernel, initrd, loaders and menu', { skip: !hasTools }, async () => {
  using folder = testFolder();
  const image = await assembled(folder.path);
  const esp = cutOut(image, 'esp', join(folder.path, 'esp'));
  run(`fsck.fat -n ${esp}`);
  const names = run(`MTOOLSRC=/dev/null mdir -/ -b -i ${esp} ::`)
    .trim()
    .split('\n')
    .filter((name) => !name.endsWith('/'));
  const expected = image.manifest.espFiles.map(({ path }) => `::${path}`);
  assert.deepEqual(names.sort(), expected.sort());
  for (const name of [
    '/vmlinuz',
    '/initrd.img',
    '/EFI/BOOT/BOOTX64.EFI',
    '/grub/grub.cfg',
    '/blazeneuro.conf',
  ]) {
    assert.ok(names.includes(`::${name}`), name);
  }
  for (const { path, sha256 } of image.manifest.espFiles) {
    assert.equal(
      run(`MTOOLSRC=/dev/null mcopy -i ${esp} ::${path} - | sha256sum`).slice(0, 64),
      sha256,
      path,
    );
  }
  const menu = run(`MTOOLSRC=/dev/null mcopy -i ${esp} ::/grub/grub.cfg -`);
  assert.ok(menu.includes(`root=PARTUUID=${image.manifest.partitions[1]?.partUuid} `));
});

test('the manifest names every file with its build', { skip: !hasTools }, async () => {
  using folder = testFolder();
  const image = await assembled(folder.path);
  const read = JSON.parse(readFileSync(image.manifestPath, 'utf8'));
  assert.deepEqual(read, image.manifest);
  const bytes = readFileSync(image.imagePath);
  const { startSector, sizeSectors } = image.manifest.partitions[2] ?? assert.fail('no BIOS boot partition');
  assert.deepEqual(image.manifest.boot, {
    bootCode: digestOfBytes(bytes.subarray(0, 440)),
    biosBoot: digestOfBytes(bytes.subarray(startSector * SECTOR, (startSector + sizeSectors) * SECTOR)),
  });
  const file = (path: string) => image.manifest.files.find((one) => one.path === path);
  assert.equal(file('/usr/bin/su')?.build, 'final/all');
  assert.equal(file('/etc/shadow')?.build, 'system/etc');
  assert.equal(file('/etc/fstab')?.build, 'image');
  assert.equal(file('/usr/include/stdio.h'), undefined);
  assert.equal(file('/usr/lib/initrd/init'), undefined);
  const onEsp = (path: string) => image.manifest.espFiles.find((one) => one.path === path);
  assert.deepEqual(onEsp('/initrd.img')?.from, ['final/all']);
  assert.deepEqual(onEsp('/EFI/BOOT/BOOTX64.EFI')?.from, ['final/grub']);
  assert.deepEqual(buildsOf(image.manifest), ['final/all', 'final/grub', 'system/etc', 'system/linux']);
});

test('the same inputs give the same bytes, in another folder, at another time', {
  skip: !hasTools,
}, async () => {
  using one = testFolder();
  using two = testFolder();
  const first = await assembled(one.path);
  const umask = process.umask(0o077);
  try {
    // FAT counts in steps of two seconds.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    utimesSync(one.path, 0, 0);
    const second = await assembled(two.path);
    assert.equal(second.digest, first.digest);
    assert.deepEqual(readFileSync(second.manifestPath), readFileSync(first.manifestPath));
  } finally {
    process.umask(umask);
  }
});

test('without an initrd the kernel mounts the root itself', { skip: !hasTools }, async () => {
  using folder = testFolder();
  const image = await assembled(folder.path, { initrd: null });
  const esp = cutOut(image, 'esp', join(folder.path, 'esp'));
  const menu = run(`MTOOLSRC=/dev/null mcopy -i ${esp} ::/grub/grub.cfg -`);
  assert.match(menu, / rootwait rw /);
  assert.doesNotMatch(menu, /initrd/);
  assert.ok(!image.manifest.espFiles.some(({ path }) => path === '/initrd.img'));
});

test('the profile says where the active flag is; by default it is on the dummy entry', {
  skip: !hasTools,
}, async () => {
  const flags = async (change: Change) => {
    using folder = testFolder();
    const sector = readFileSync((await assembled(folder.path, change)).imagePath).subarray(0, SECTOR);
    return [sector[446], sector[462]];
  };
  assert.deepEqual(await flags({}), [0, 0x80]);
  assert.deepEqual(await flags({ activeFlag: 'none' }), [0, 0]);
  assert.deepEqual(await flags({ activeFlag: 'protective' }), [0x80, 0]);
});

test('an active flag that does not exist is a fault of the profile', async () => {
  using folder = testFolder();
  const image = await assemble(folder.path, { activeFlag: 'on' as 'none' });
  assert.ok(!image.ok);
  assert.equal(image.problem.kind, 'bad-profile');
  assert.match(image.problem.message, /activeFlag, "on", is unknown/);
  assert.match(image.problem.hint ?? '', /none, dummy, protective/);
});

test('a tool that fails leaves no image and no work folder', { skip: !hasTools }, async () => {
  using folder = testFolder();
  const artifact = writeArtifact(folder.path, 'final/all', { '/usr/share/x': 'x' });
  const image = await assembleImage(
    {
      profile: { ...profile, initrd: null },
      artifacts: [artifact],
      kernel: { ...artifact, manifest: { format: 1, entries: [] } },
      sourceDateEpoch: TIME,
    },
    {
      runTools: hostTools({}),
      treePath: () => artifact.tree,
      scratchFolder: join(folder.path, 'scratch'),
      outFolder: join(folder.path, 'out'),
    },
  );
  assert.ok(!image.ok);
  assert.match(image.problem.message, /\/boot\/vmlinuz/);
  assert.deepEqual(readdirSync(join(folder.path, 'scratch')), []);
  assert.ok(!existsSync(join(folder.path, 'out')));
});
