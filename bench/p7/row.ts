import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '#base';
import { type Contestant, contestTable, holdContest, type Shown } from '../contest.ts';
import { assemblyArgv, readManifest, writeSyntheticAssembly } from '../p6/assembly.ts';
import { QUICK, WHOLE } from '../p6/synthetic-tree.ts';
import { isHere, mustRun } from '../peer.ts';
import { programEnv } from '../program.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatMs } from '../statistics.ts';
import { timeProgram } from '../time-program.ts';
import { openThrottledDrive, type ThrottledDrive, whyNoDrive } from './throttled-drive.ts';

/** P7: an image is written to a slow drive, and read back. */
export const flashing: Row = {
  name: 'p7',
  peers: ['bmaptool'],
  measure: measureFlashing,
  tables: flashTables,
};

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const MIB = 2 ** 20;
/** A usual stick. */
const SPEED = { readBytesPerSecond: 100e6, writeBytesPerSecond: 30e6 };
const QUICK_SPEED = { readBytesPerSecond: 1000e6, writeBytesPerSecond: 300e6 };
/** So that the image is one of 8 GiB; the drive has a little more. */
const ROOM = { espSizeBytes: 512 * MIB, rootFreeBytes: 6.95 * 1024 * MIB };
const QUICK_ROOM = { espSizeBytes: 40 * MIB, rootFreeBytes: 100 * MIB };

const SHOWN: readonly Shown[] = [
  { arm: 'ours', title: 'BlazeNeuro `flash`: all of it read back' },
  { arm: 'bmaptool', title: 'bmaptool copy: not read back' },
  { arm: 'dd', title: '`dd bs=4M conv=fsync`: not read back' },
];

async function measureFlashing(context: BenchContext): Promise<void> {
  const { options, folder, say } = context;
  const reason = whyNoDrive();
  if (reason !== undefined) {
    say(`Not measured: ${reason}.`);
    return;
  }
  const image = await makeImage(folder, context);
  context.set({ options: { ...(options.isQuick ? QUICK_SPEED : SPEED) } });
  const contestants: Contestant[] = [];
  const { folder: checkout } = await context.snapshot();
  const add = (arm: string, argvFor: (drive: ThrottledDrive) => readonly string[]): void => {
    contestants.push({ arm, measure: () => flashOnce(folder, argvFor, options.isQuick) });
  };
  add('ours', ({ path, backingFile }) => [
    ...[join(checkout, 'blazeneuro'), 'flash', image, path],
    ...['--yes', '--serial', backingFile],
  ]);
  if (!options.isQuick && (await isHere('bmaptool', say))) {
    const bmap = `${image}.bmap`;
    await mustRun(['bmaptool', 'create', '-o', bmap, image], folder, { PATH });
    add('bmaptool', ({ path }) => ['bmaptool', 'copy', '--bmap', bmap, image, path]);
  }
  await holdContest(contestants, options.runs ?? (options.isQuick ? 1 : 5), context);
  if (options.isQuick) return;
  // It takes minutes, and does the same each time.
  const dd: Contestant = {
    arm: 'dd',
    measure: () =>
      flashOnce(folder, ({ path }) => ['dd', `if=${image}`, `of=${path}`, 'bs=4M', 'conv=fsync'], false),
  };
  await holdContest([dd], 1, context);
}

async function makeImage(folder: string, { options, say }: BenchContext): Promise<string> {
  say('preparing the image');
  const request = await writeSyntheticAssembly(
    folder,
    options.isQuick ? QUICK : WHOLE,
    options.isQuick ? QUICK_ROOM : ROOM,
  );
  timeProgram({ argv: assemblyArgv(request), cwd: folder, env: { PATH } });
  return join(folder, 'out/blazeneuro.img');
}

/** One contestant on a fresh drive. What the drive itself would take at least, for as many bytes, is the bound. */
async function flashOnce(
  folder: string,
  argvFor: (drive: ThrottledDrive) => readonly string[],
  isQuick: boolean,
): Promise<Record<string, number>> {
  const { sizeBytes } = await readManifest(folder);
  const speed = isQuick ? QUICK_SPEED : SPEED;
  const backingFile = join(folder, 'drive');
  await mustRun(['sync'], folder, { PATH });
  try {
    await using drive = await openThrottledDrive(backingFile, sizeBytes + 64 * MIB, speed);
    const before = await drive.traffic();
    const env = { ...programEnv(join(folder, 'store')), LC_ALL: 'C' };
    const wallMs = timeProgram({ argv: argvFor(drive), cwd: folder, env });
    const after = await drive.traffic();
    const readBytes = after.readBytes - before.readBytes;
    const writtenBytes = after.writtenBytes - before.writtenBytes;
    const seconds = writtenBytes / speed.writeBytesPerSecond + readBytes / speed.readBytesPerSecond;
    return { wallMs, writtenBytes, readBytes, boundMs: seconds * 1000, toBound: wallMs / 1000 / seconds };
  } finally {
    await rm(backingFile, { force: true });
  }
}

function flashTables(results: readonly ResultFile[]): string {
  return contestTable(results, SHOWN, [
    { title: 'wall time', figure: 'wallMs', format: formatMs },
    { title: 'written', figure: 'writtenBytes', format: formatBytes },
    { title: 'read', figure: 'readBytes', format: formatBytes },
    { title: 'to what the drive takes', figure: 'toBound', format: (ratio) => `${ratio.toFixed(3)} ×` },
  ]);
}
