import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { makeSampleImage } from '../../../src/drive/testing-image.ts';
import { runTool } from '../../../src/drive/testing-loops.ts';
import { PROJECT } from '../../rig.ts';
import { openLyingStick } from './lying-stick.ts';
import { type Point, STICK_BYTES } from './points.ts';

/** A folder with a sample image in it, gone with the scope. */
export type Bench = Disposable & { readonly folder: string; readonly image: string };

/** Makes the bench for some trials. */
export function openBench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'sticks-'));
  const { path } = makeSampleImage(folder);
  return { folder, image: path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** What became of a point: what the program said, and what should not have been. */
export type Verdict = { readonly said: string; readonly faults: readonly string[] };

/** Flashes a stick at which something goes wrong, by the real program, and judges what it said and what is there. */
export async function tryPoint(bench: Bench, point: Point): Promise<Verdict> {
  return point.by === 'stick' ? await tryLyingStick(bench, point) : tryFailingCall(bench, point);
}

async function tryLyingStick(bench: Bench, point: Extract<Point, { by: 'stick' }>): Promise<Verdict> {
  await using stick = await openLyingStick(bench.folder, STICK_BYTES, point);
  const { exitCode, text } = flash(bench, stick);
  const faults = judge(exitCode, text);
  // A stick that gives nothing any more shows nothing, and one that takes no writes cannot be wiped.
  if (['die', 'flush-error', 'write-error', 'no-space'].includes(point.lie)) return { said: text, faults };
  return { said: text, faults: [...faults, ...judgeStick(stick.device)] };
}

function tryFailingCall(bench: Bench, point: Extract<Point, { by: 'strace' }>): Verdict {
  const file = join(bench.folder, 'stick');
  runTool('dd', 'if=/dev/zero', `of=${file}`, 'bs=1M', `count=${STICK_BYTES / 2 ** 20}`, 'status=none');
  const device = runTool('losetup', '--find', '--show', file).trim();
  try {
    const inject = `inject=${point.call}:error=${point.error}:when=${point.when}`;
    const strace = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-P',
      device,
      '-e',
      `trace=${point.call}`,
      '-e',
      inject,
    ];
    const first = flash(bench, { device, file }, strace);
    const faults = [...judge(first.exitCode, first.text), ...judgeStick(device)];
    const again = flash(bench, { device, file });
    if (again.exitCode !== 0) faults.push(`the next run failed: ${again.text}`);
    return { said: first.text, faults };
  } finally {
    runTool('losetup', '--detach', device);
  }
}

/** Many times what a flash of the sample takes. */
const LONGEST_MS = 120_000;

function flash(
  { image, folder }: Bench,
  { device, file }: { readonly device: string; readonly file: string },
  before: readonly string[] = [],
): { readonly exitCode: number | null; readonly text: string } {
  const program = [join(PROJECT, 'node_modules/.bin/node'), join(PROJECT, 'src/cli/main.ts')];
  const [name = '', ...words] = [...before, ...program, 'flash', image, device, '--yes', '--serial', file];
  const env = { ...process.env, BLAZENEURO_STORE: join(folder, 'store'), NO_COLOR: '1' };
  const ended = spawnSync(name, words, { cwd: folder, env, encoding: 'utf8', timeout: LONGEST_MS });
  return { exitCode: ended.status, text: `${ended.stdout}${ended.stderr}` };
}

function judge(exitCode: number | null, text: string): string[] {
  const faults: string[] = [];
  // A call may fail when the drive is only looked at, and then it is refused.
  const isRefused = exitCode === 4 && /is not written/.test(text);
  if (exitCode !== 1 && !isRefused) faults.push(`exit code ${exitCode}: ${text}`);
  if (/is done|may be pulled out/.test(text)) faults.push(`it said that it is done: ${text}`);
  if (!/error:.*\/dev\/loop/.test(text) || !/hint:/.test(text))
    faults.push(`it does not say what failed: ${text}`);
  return faults;
}

/** Neither sector 0 nor a table: no firmware and no kernel takes it for a system. */
function judgeStick(device: string): string[] {
  runTool('blockdev', '--flushbufs', device);
  const fd = openSync(device, 'r');
  const sectorAt = (offset: number): Buffer => {
    const sector = Buffer.alloc(512);
    readSync(fd, sector, 0, 512, offset);
    return sector;
  };
  const faults: string[] = [];
  if (sectorAt(0).readUInt16LE(510) === 0xaa55) faults.push('sector 0 boots');
  for (const offset of [512, STICK_BYTES - 512]) {
    const header = sectorAt(offset);
    const crc = header.readUInt32LE(16);
    header.writeUInt32LE(0, 16);
    if (header.toString('latin1', 0, 8) === 'EFI PART' && crc === crc32(header.subarray(0, 92))) {
      faults.push(`a table is at byte ${offset}`);
    }
  }
  closeSync(fd);
  return faults;
}
