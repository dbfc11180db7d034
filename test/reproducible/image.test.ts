/** A sample of `npm run test:reproducible -- image`, with a made-up system; and that the comparison can fail. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ImageManifest } from '#manifest';
import { hasProgram } from '../../src/image/testing.ts';
import { assembleVaried } from './assemble-varied.ts';
import { compareImages, type ImageFiles } from './compare-images.ts';
import type { AssemblyInputs } from './image-request.ts';
import { whyNot } from './possible.ts';
import { sampleInputs } from './sample-image.ts';
import { IMAGE_VARIATIONS, type Surroundings } from './variation.ts';

const PROGRAMS = ['mke2fs', 'debugfs', 'dumpe2fs', 'mkfs.fat', 'mcopy', 'mshowfat', 'grub-mkimage', 'bwrap'];
const hasTools =
  PROGRAMS.every(hasProgram) &&
  ['i386-pc', 'x86_64-efi'].every((platform) => existsSync(`/usr/lib/grub/${platform}/modinfo.sh`));

const SAMPLED = [
  'folders in another order',
  'a strict umask',
  'another user, without root',
  'everything at once',
];

describe('a whole image, assembled twice', { skip: !hasTools }, () => {
  let folder = '';
  let inputs: AssemblyInputs;
  let first: ImageFiles;
  const varied = new AsyncDisposableStack();
  /** Lies there until the end. */
  const assembled = async (from: AssemblyInputs, surroundings: Surroundings): Promise<ImageFiles> => {
    const image = varied.use(await assembleVaried(from, surroundings, folder));
    return image.ok ? image.answer : assert.fail(image.reasons.join('\n'));
  };
  before(async () => {
    folder = await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'blazeneuro-again-'));
    await chmod(folder, 0o755);
    inputs = await sampleInputs(folder);
    first = await assembled(inputs, {});
  });
  after(async () => {
    await varied.disposeAsync();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { name, surroundings } of IMAGE_VARIATIONS.filter((one) => SAMPLED.includes(one.name))) {
    test(`is the same with ${name}`, async (t) => {
      const reason = await whyNot(surroundings);
      if (reason !== undefined) return t.skip(reason);
      assert.deepEqual(await compareImages(first, await assembled(inputs, surroundings)), []);
    });
  }

  test('is another one when a build of it recorded the time, and the file is named with its build', async () => {
    const builtAt = { '/etc/built-at': `${process.hrtime.bigint()}` };
    const [one, two] = [
      await sampleInputs(folder, { '/etc/built-at': 'then' }),
      await sampleInputs(folder, builtAt),
    ];
    const differences = await compareImages(await assembled(one, {}), await assembled(two, {}));
    assert.equal(differences[0], '/etc/built-at of system/etc');
  });

  /** The first image again, with a few bytes of it changed. */
  const spoiled = async (offsetBytes: number, length = 1): Promise<ImageFiles> => {
    const imagePath = join(folder, 'spoiled.img');
    await copyFile(first.imagePath, imagePath);
    await using file = await open(imagePath, 'r+');
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, offsetBytes);
    await file.write(
      bytes.map((byte) => byte ^ 0xff),
      0,
      length,
      offsetBytes,
    );
    return { imagePath, manifestPath: first.manifestPath };
  };
  const startOf = async (role: string): Promise<number> => {
    const manifest = JSON.parse(await readFile(first.manifestPath, 'utf8')) as ImageManifest;
    return (manifest.partitions.find((one) => one.role === role)?.startSector ?? assert.fail(role)) * 512;
  };
  const debugfs = async (request: string): Promise<number> => {
    const device = `${first.imagePath}?offset=${await startOf('root')}`;
    return Number(/\d+/.exec(spawnSync('debugfs', ['-R', request, device], { encoding: 'utf8' }).stdout));
  };

  test('that differs in a byte of a file is told by the name of the file, and its build', async () => {
    const block = await debugfs('blocks /usr/share/large');
    const differences = await compareImages(first, await spoiled((await startOf('root')) + block * 4096));
    assert.deepEqual(differences, ['/usr/share/large of final/all (content)']);
  });

  test('that differs in an inode is told by the name of its file', async () => {
    const text = spawnSync(
      'debugfs',
      ['-R', 'imap /usr/bin/su', `${first.imagePath}?offset=${await startOf('root')}`],
      { encoding: 'utf8' },
    ).stdout;
    const [, block, offset] = /located at block (\d+), offset (0x[0-9a-f]+)/.exec(text) ?? assert.fail(text);
    const at = (await startOf('root')) + Number(block) * 4096 + Number(offset);
    const differences = await compareImages(first, await spoiled(at + 8));
    assert.deepEqual(differences, ['/usr/bin/su of final/all (inode in inode table of group 0)']);
  });

  test('that differs elsewhere is told by the part of the disk', async () => {
    const at = async (offset: number) => compareImages(first, await spoiled(offset));
    const [esp, root] = [await startOf('esp'), await startOf('root')];
    assert.deepEqual(await at(440), ['sector 0, the partition table or the begin of GRUB’s core']);
    assert.deepEqual(await at(esp - 70_000), ['GRUB’s core']);
    assert.deepEqual(await at(esp), ['the boot sector of the ESP']);
    assert.deepEqual(await at(root), ['primary superblock of group 0']);
    const { size } = await stat(first.imagePath);
    assert.deepEqual(await at(size - 512), ['the backup of the partition table']);
  });

  test('that differs in the kernel on the ESP is told by its name there', async () => {
    const bytes = await readFile(first.imagePath);
    const at = bytes.indexOf('made-up kernel', await startOf('esp'));
    assert.deepEqual(await compareImages(first, await spoiled(at)), ['ESP:/vmlinuz of system/linux']);
  });
});
