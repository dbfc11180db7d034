import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdirSync, openSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  type Attempt,
  changedFiles,
  openTable,
  put,
  STICK_BYTES,
  type Table,
  tryToFlash,
} from './testing-flash.ts';
import { gptOf, HEADERS } from './testing-formats.ts';
import { runTool, whyNoLoops } from './testing-loops.ts';

const WHOLE = { startBytes: 0, sizeBytes: STICK_BYTES };
const PART = { startBytes: 1024 * 1024, sizeBytes: 12 * 1024 * 1024 };

type Case = {
  readonly title: string;
  /** Makes the stick what it is to be, and says how it is flashed, where that is not as usual. */
  readonly prepare: (table: Table) => Partial<Attempt> | undefined | Promise<Partial<Attempt> | undefined>;
  readonly kinds: readonly string[];
};

const HEADER_KINDS = {
  luks1: 'encrypted',
  luks2: 'encrypted',
  lvm: 'lvm',
  raid090: 'raid',
  raid10: 'raid',
  raid11: 'raid',
  raid12: 'raid',
  btrfs: 'btrfs',
  zfs: 'zfs',
  bcache: 'bcache',
} as const;

const CONTENT_CASES = Object.entries(HEADER_KINDS).flatMap(([name, kind]): Case[] => {
  const header = HEADERS[name as keyof typeof HEADER_KINDS];
  const onWhole = (table: Table) => put(table.stick, header(WHOLE));
  const inPart = (table: Table) => put(table.stick, [...gptOf(PART), ...header(PART)]);
  return [
    { title: `with ${name} on it`, prepare: (table) => onWhole(table) as undefined, kinds: [kind] },
    { title: `with ${name} in a partition`, prepare: (table) => inPart(table) as undefined, kinds: [kind] },
  ];
});

/** The stick's loop device anew, with further words for losetup. */
function attachAnew(table: Table, ...words: readonly string[]): Partial<Attempt> {
  table.detach(table.device);
  return { path: table.attach(table.stick, ...words) };
}

/** A partition that the kernel knows, whether or not it can read tables; it goes with the loop device. */
function addPartition(table: Table): string {
  const { path = '' } = attachAnew(table, '--partscan');
  runTool('addpart', path, '1', String(PART.startBytes / 512), String(PART.sizeBytes / 512));
  return path;
}

const STATE_CASES: readonly Case[] = [
  { title: 'without its file typed', prepare: () => ({ typedSerial: undefined }), kinds: ['not-removable'] },
  {
    title: 'with another file typed',
    prepare: ({ image }) => ({ typedSerial: image }),
    kinds: ['other-serial'],
  },
  {
    title: 'too small for the image',
    prepare: () => ({ imageBytes: STICK_BYTES + 1 }),
    kinds: ['too-small'],
  },
  { title: 'read-only', prepare: (table) => attachAnew(table, '--read-only'), kinds: ['read-only'] },
  {
    title: 'with sectors of 4096 bytes',
    prepare: (table) => attachAnew(table, '--sector-size', '4096'),
    kinds: ['sector-size'],
  },
  {
    title: 'without a file',
    prepare: (table) => {
      // High, so that nobody who asks for any free device gets it.
      const path = `/dev/loop${980 + (process.pid % 8)}`;
      table.attach(table.stick, path);
      table.detach(path);
      return { path, typedSerial: table.stick };
    },
    kinds: ['no-medium'],
  },
  {
    title: 'that stands for the image',
    prepare: (table) => ({ path: table.attach(table.image), typedSerial: table.image }),
    kinds: ['holds-image'],
  },
  {
    title: 'that another loop device stands on',
    prepare: (table) => {
      table.attach(table.device);
      return undefined;
    },
    kinds: ['held'],
  },
  {
    title: 'that stands for another loop device',
    prepare: (table) => ({ path: table.attach(table.device), typedSerial: table.device }),
    kinds: ['virtual'],
  },
  {
    title: 'by one of its partitions',
    prepare: (table) => ({ path: `${addPartition(table)}p1` }),
    kinds: ['partition'],
  },
];

describe('wrong loop devices', { skip: whyNoLoops() }, () => {
  for (const { title, prepare, kinds } of [...CONTENT_CASES, ...STATE_CASES]) {
    test(`one ${title} is refused, and nothing is written anywhere`, async () => {
      using table = openTable();
      const attempt = { path: table.device, typedSerial: table.stick, ...(await prepare(table)) };
      const before = table.digests();
      assert.deepEqual(await tryToFlash(table, attempt), kinds);
      assert.deepEqual(changedFiles(table, before), []);
    });
  }

  test('one that somebody holds for himself is refused', async () => {
    using table = openTable();
    const held = openSync(table.device, constants.O_RDONLY | constants.O_EXCL);
    try {
      const before = table.digests();
      assert.deepEqual(await tryToFlash(table, { path: table.device, typedSerial: table.stick }), ['in-use']);
      assert.deepEqual(changedFiles(table, before), []);
    } finally {
      closeSync(held);
    }
  });

  test('one that is held only after it was confirmed is refused', async () => {
    using table = openTable();
    let held = -1;
    const between = () => {
      held = openSync(table.device, constants.O_RDONLY | constants.O_EXCL);
    };
    const before = table.digests();
    const [reason] = await tryToFlash(table, { path: table.device, typedSerial: table.stick, between });
    closeSync(held);
    assert.match(reason ?? '', /could not be opened \(EBUSY\)/);
    assert.deepEqual(changedFiles(table, before), []);
  });
});

describe('loop devices mounted in a namespace of their own', { skip: whyNoLoops() || whyNoMounts() }, () => {
  for (const [title, prepare] of [
    ['as a whole', (table: Table) => runTool('mke2fs', '-q', '-t', 'ext4', table.stick)],
    ['by FAT', (table: Table) => runTool('mkfs.fat', table.stick)],
  ] as const) {
    test(`one that is mounted ${title} is refused`, { skip: title === 'by FAT' && whyNoFat() }, async () => {
      using table = openTable();
      prepare(table);
      const mountPoint = join(table.folder, 'mounted');
      mkdirSync(mountPoint);
      const child = spawn(
        'unshare',
        ['--mount', 'sh', '-c', 'mount "$0" "$1" && echo ready && read -r _', table.device, mountPoint],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      const closed = once(child, 'close');
      try {
        await once(child.stdout, 'data');
        const kinds = await tryToFlash(table, { path: table.device, typedSerial: table.stick });
        assert.deepEqual(kinds, ['mounted', 'in-use']);
      } finally {
        child.stdin.end();
        await closed;
      }
    });
  }

  test('one is refused that holds the image below a mounted file system and an overlay', () => {
    using table = openTable();
    runTool('mke2fs', '-q', '-t', 'ext4', table.stick);
    for (const name of ['mounted', 'upper', 'work', 'shown']) mkdirSync(join(table.folder, name));
    const door = join(import.meta.dirname, 'index.ts');
    const program = `
      const { permitDrive, THIS_MACHINE } = await import(${JSON.stringify(door)});
      const [path, typedSerial, imagePath] = process.argv.slice(1);
      const permitted = await permitDrive({ path, typedSerial, imagePath, imageBytes: 1 }, THIS_MACHINE);
      console.log(JSON.stringify(permitted.problem.details.map((detail) => detail.split(':')[0])));`;
    const script = `set -e
      cd "$1"; mount "$2" mounted; echo image > mounted/image
      mount -t overlay overlay -o lowerdir="$1/mounted",upperdir="$1/upper",workdir="$1/work" shown
      exec "$3" --input-type=module -e "$4" "$2" "$1/stick" "$1/shown/image"`;
    const words = ['sh', '-c', script, 'sh', table.folder, table.device, process.execPath, program];
    assert.deepEqual(JSON.parse(runTool('unshare', '--mount', ...words)), [
      'mounted',
      'holds-image',
      'in-use',
    ]);
  });
});

function whyNoMounts(): string | false {
  const tried = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? false : 'no mount namespaces here';
}

function whyNoFat(): string | false {
  return runTool('cat', '/proc/filesystems').includes('\tvfat') ? false : 'the kernel has no FAT';
}

describe('between confirmation and opening', { skip: whyNoLoops() }, () => {
  /** High, so that nobody who asks for any free device gets it while it is free. */
  const ownDevice = `/dev/loop${970 + (process.pid % 8)}`;

  const changes: readonly (readonly [title: string, file: string | undefined])[] = [
    ['is the same again, plugged in anew', 'stick'],
    ['stands for another file', 'other'],
    ['stands for a smaller file', 'small'],
    ['has been unplugged', undefined],
  ];
  for (const [title, file] of changes) {
    test(`a device that ${title} by then is not written`, async () => {
      using table = openTable();
      table.file('other', STICK_BYTES);
      table.file('small', 8192);
      table.detach(table.device);
      table.attach(table.stick, ownDevice);
      const before = table.digests();
      const between = () => {
        table.detach(ownDevice);
        if (file !== undefined) table.attach(join(table.folder, file), ownDevice);
      };
      const [reason] = await tryToFlash(table, { path: ownDevice, typedSerial: table.stick, between });
      assert.match(reason ?? '', /was confirmed, .* is there|could not be opened/);
      assert.deepEqual(changedFiles(table, before), []);
    });
  }

  test('a link that leads elsewhere by then changes nothing: the drive that was shown is written', async () => {
    using table = openTable();
    const link = join(table.folder, 'link');
    const other = table.attach(table.file('other', STICK_BYTES));
    symlinkSync(table.device, link);
    const before = table.digests();
    const between = () => {
      unlinkSync(link);
      symlinkSync(other, link);
    };
    assert.deepEqual(await tryToFlash(table, { path: link, typedSerial: table.stick, between }), []);
    assert.deepEqual(changedFiles(table, before), ['stick']);
  });
});

describe('the right loop device', { skip: whyNoLoops() }, () => {
  for (const [title, prepare] of [
    ['empty', () => {}],
    ['with ext4', (table: Table) => runTool('mke2fs', '-q', '-t', 'ext4', table.stick)],
    ['with FAT', (table: Table) => runTool('mkfs.fat', table.stick)],
    ['with a swap that nobody uses', (table: Table) => runTool('mkswap', table.stick)],
    ['full of 0xFF', (table: Table) => put(table.stick, [{ at: 0, bytes: Buffer.alloc(STICK_BYTES, 0xff) }])],
  ] as const) {
    test(`one ${title} is written, and nothing else is`, async () => {
      using table = openTable();
      prepare(table);
      const before = table.digests();
      assert.deepEqual(await tryToFlash(table, { path: table.device, typedSerial: table.stick }), []);
      assert.deepEqual(changedFiles(table, before), ['stick']);
    });
  }
});
