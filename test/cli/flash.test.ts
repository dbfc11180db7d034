/** `flash` by the real program, onto loop devices that the test made. */
import assert from 'node:assert/strict';
import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { partitionOf, readLayout } from '#disk';
import { hasImageTools, makeSampleImage, partitionText, run as tool } from '../../src/drive/testing-image.ts';
import { type LoopBench, openLoopBench, whyNoLoops } from '../../src/drive/testing-loops.ts';
import { openRig, type Rig, type Run } from '../rig.ts';

const STICK_BYTES = 300 * 1024 * 1024;
const skip = whyNoLoops() || (hasImageTools() ? false : 'no tools for a sample image');

describe('flash', { skip }, () => {
  let rig: Rig;
  let bench: LoopBench;
  let image = '';
  before(async () => {
    rig = await openRig();
    bench = openLoopBench();
    image = makeSampleImage(bench.folder).path;
  });
  after(async () => {
    bench[Symbol.dispose]();
    await rig[Symbol.asyncDispose]();
  });

  const flash = (file: string, device: string, ...words: string[]): Promise<Run> =>
    rig.run('flash', image, device.replace('/dev/', ''), '--yes', '--serial', file, ...words);

  /** A stick with something on it, flashed; gives what it holds then. */
  const flashed = async (
    name: string,
    prepare: (file: string, device: string) => void,
    ...words: string[]
  ) => {
    const file = bench.file(name, STICK_BYTES);
    const device = bench.attach(file);
    try {
      prepare(file, device);
      const run = await flash(file, device, ...words);
      assert.equal(run.exitCode, 0, run.stderr);
      return { run, ...(await lookAt(device, file)) };
    } finally {
      bench.detach(device);
    }
  };

  const lookAt = async (device: string, file: string) => {
    tool(`sfdisk --verify ${device} 2>&1 | grep 'No errors detected'`);
    const bytes = readFileSync(file);
    const found = await readLayout({
      sizeSectors: bytes.length / 512,
      read: async (sector, count) => bytes.subarray(sector * 512, (sector + count) * 512),
    });
    assert.ok(found.ok && found.value.primary.isGood && found.value.backup.isGood && found.value.doAgree);
    const { layout } = found.value;
    assert.equal(layout.sizeSectors * 512, STICK_BYTES);
    const texts = partitionText(bytes, layout, bench.folder);
    tool(`cd ${bench.folder}; e2fsck -fn root; fsck.fat -n esp`);
    // libblkid finds what it should, and says nothing of anything else: two signatures would end it with 8.
    const whole = tool(`blkid -p -o export ${device}`);
    assert.match(whole, /^PTTYPE=gpt$/m);
    assert.doesNotMatch(whole, /^TYPE=/m);
    assert.match(tool(`blkid -p -o export ${bench.folder}/root`), /^TYPE=ext4$/m);
    assert.match(tool(`blkid -p -o export ${bench.folder}/esp`), /^TYPE=vfat$/m);
    const uuid = (name: string) =>
      /^UUID=(.+)$/m.exec(tool(`blkid -p -o export ${bench.folder}/${name}`))?.[1] ?? '';
    const root = partitionOf(layout, 'root').guid;
    assert.match(texts.menu, new RegExp(`root=PARTUUID=${root} ro`));
    assert.match(texts.fstab, new RegExp(`^UUID=${uuid('root')} / ext4`, 'm'));
    assert.match(texts.fstab, new RegExp(`^UUID=${uuid('esp')} /boot/efi`, 'm'));
    return {
      names: [layout.diskGuid, ...layout.partitions.map(({ guid }) => guid), uuid('root'), uuid('esp')],
    };
  };

  test('onto a stick full of 0xFF: sound file systems, and its own names everywhere', async () => {
    const { run, names } = await flashed('ones', (file) =>
      writeFileSync(file, Buffer.alloc(STICK_BYTES, 0xff), { flag: 'r+' }),
    );
    assert.match(run.stdout, /is done: image is on it, and all of it was read back/);
    assert.match(run.stdout, /may be pulled out now/);
    assert.match(run.stderr, /Everything on .* will be lost/);
    const other = await flashed('zeros', () => {});
    for (const name of other.names) assert.ok(!names.includes(name), `both sticks have ${name}`);
  });

  const used: Readonly<Record<string, (file: string, device: string) => void>> = {
    'a table and an ext4 with files': (file, device) => {
      tool(`printf 'label: gpt\\nsize=40M\\nsize=100M\\n,\\n' | sfdisk -q ${device}`);
      tool(
        `mke2fs -q -F -t ext4 -E offset=$((2048*512)) ${file} 38M; mke2fs -q -F -t ext4 -E offset=$((210*1024*1024)) ${file} 60M`,
      );
    },
    'a FAT over the whole, with files': (file) => {
      tool(
        `mkfs.fat -F 32 -n OLD ${file}; dd if=/dev/urandom of=${bench.folder}/old bs=1M count=90 status=none; mcopy -i ${file} ${bench.folder}/old ::/old`,
      );
    },
    'an ext4 over the whole': (file) => void tool(`mke2fs -q -F -t ext4 -L old ${file}`),
    'the same image from an earlier flash': (file) =>
      void tool(`dd if=${image} of=${file} conv=notrunc status=none`),
    'signatures where the new partitions end, and an ISO 9660': (file) => plantSignatures(file, bench.folder),
  };
  for (const [what, prepare] of Object.entries(used)) {
    test(`onto a used stick, with ${what}: nothing old can be seen`, async () => {
      await flashed(`used ${what}`.replaceAll(' ', '-'), prepare);
    });
  }

  test('packed by zstd: as if it were not', async () => {
    const plain = image;
    image = join(bench.folder, 'image.zst');
    writeFileSync(image, zstdCompressSync(readFileSync(plain)));
    try {
      await flashed('packed', () => {});
    } finally {
      image = plain;
    }
  });

  test('as JSON: progress, and how it ended', async () => {
    const { run } = await flashed('json', () => {}, '--json');
    const finished = run.events.find((event) => event.type === 'flash-finished');
    assert.ok(finished !== undefined && finished.writtenBytes > 10_000_000, JSON.stringify(run.events));
    assert.deepEqual(
      run.events.flatMap((event) => (event.type === 'step-finished' ? [event.step.split(' /')[0]] : [])),
      ['write', 'read back'],
    );
  });

  describe('changes nothing', () => {
    const refusals: readonly (readonly [
      what: string,
      exitCode: number,
      words: (file: string) => string[],
      image?: () => string,
    ])[] = [
      ['when it only says what it would do', 0, (file) => ['--dry-run', '--serial', file]],
      ['without the serial', 4, () => ['--yes']],
      ['with the serial of another drive', 4, () => ['--yes', '--serial', '/another/file']],
      ['where nobody can be asked', 4, (file) => ['--serial', file]],
      ['for an image that is not ours', 1, (file) => ['--yes', '--serial', file], () => foreignImage()],
      ['for an image that is cut off', 1, (file) => ['--yes', '--serial', file], () => cutImage()],
      ['for an image that is not there', 1, (file) => ['--yes', '--serial', file], () => '/nowhere/image'],
      [
        'for an image that its manifest does not know',
        1,
        (file) => ['--yes', '--serial', file],
        () => strangeManifest(),
      ],
    ];
    for (const [what, exitCode, words, otherImage] of refusals) {
      test(what, async () => {
        const file = bench.file(`refused ${what}`.replaceAll(' ', '-'), STICK_BYTES);
        const device = bench.attach(file);
        try {
          const run = await rig.run('flash', otherImage?.() ?? image, device, ...words(file));
          assert.equal(run.exitCode, exitCode, run.stderr);
          assert.equal(tool(`stat -c %b ${file}`), '0\n', 'something was written');
          if (exitCode !== 0) assert.match(run.stderr, /hint:/);
        } finally {
          bench.detach(device);
        }
      });
    }
  });

  const foreignImage = (): string => {
    const path = join(bench.folder, 'foreign');
    tool(`truncate -s 20M ${path}; printf 'label: gpt\\n,\\n' | sfdisk -q ${path}`);
    return path;
  };
  const cutImage = (): string => {
    const path = join(bench.folder, 'cut');
    copyFileSync(image, path);
    tool(`truncate -s 50M ${path}`);
    return path;
  };
  const strangeManifest = (): string => {
    tool(`mkdir -p ${bench.folder}/strange; cp ${image} ${bench.folder}/strange/image`);
    writeFileSync(join(bench.folder, 'strange/manifest.json'), JSON.stringify({ format: 1, sizeBytes: 7 }));
    return join(bench.folder, 'strange/image');
  };
});

/** Signatures that libblkid would find in the new partitions, of members of a RAID, and one of the whole. */
function plantSignatures(file: string, folder: string): void {
  const mib = 1024 * 1024;
  const fd = openSync(file, 'r+');
  const write = (bytes: Buffer, at: number) => void writeSync(fd, bytes, 0, bytes.length, at);
  write(Buffer.from('\u0001CD001\u0001'), 32768);
  // As the sample image has them: the ESP from 1 to 37 MiB, the root from there to 61 MiB.
  for (const [begin, end] of [
    [mib, 37 * mib],
    [37 * mib, 61 * mib],
  ] as const) {
    // md's superblock 1.0 (drivers/md, md_p.h): 8 KiB before the end, and it says where it is.
    const member = Buffer.alloc(4096);
    member.writeUInt32LE(0xa92b4efc, 0);
    member.writeUInt32LE(1, 4);
    const place = end - begin - 8192;
    member.writeBigUInt64LE(BigInt(place / 512), 144);
    write(member, begin + place);
  }
  closeSync(fd);
  tool(`dd if=${file} of=${folder}/root bs=1M skip=37 count=24 status=none`);
  assert.match(tool(`blkid -p -o export ${folder}/root`), /linux_raid_member/, 'what is planted can be seen');
}
