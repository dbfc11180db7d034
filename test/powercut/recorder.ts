import { statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostPath, unwrap } from '#base';
import { type Bus, startMachine, type VirtualMachine } from '#boot';
import type { Acknowledgement } from './acknowledged.ts';
import { type Base, exists } from './base.ts';
import { type Bench, quickMachine } from './bench.ts';
import { countOtherSectors } from './make-state.ts';
import { copySparse, PROGRAM_ENV } from './programs.ts';
import { parseLog, type WriteLog, withoutCache } from './write-log.ts';

/** A machine that ran until its power was cut, and all that its drive was asked for. */
export type Recording = RecordingPapers & { readonly log: WriteLog };

type RecordingPapers = {
  readonly seed: number;
  readonly bus: Bus;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly durationMs: number;
  /** See `countOtherSectors`. */
  readonly otherSectors: number;
};

/** What happens on the machine until its power is cut. */
export type Act = (machine: VirtualMachine, heard: () => number) => Promise<void>;

/** What is to be recorded. */
export type RecordingRequest = {
  readonly name: string;
  readonly seed: number;
  readonly bus: Bus;
  readonly act: Act;
};

/** Records a run, or takes it from the folder where an earlier one is kept. */
export async function recordRun(bench: Bench, base: Base, request: RecordingRequest): Promise<Recording> {
  const folder = join(bench.folder, request.name);
  if (!(await exists(folder))) await record(bench, base, { ...request, folder });
  const papers = JSON.parse(await readFile(join(folder, 'recording.json'), 'utf8')) as RecordingPapers;
  const log = unwrap(parseLog(await readFile(join(folder, 'log'))));
  return { ...papers, log: papers.bus === 'usb' ? withoutCache(log) : log };
}

async function record(
  bench: Bench,
  base: Base,
  request: RecordingRequest & { readonly folder: HostPath },
): Promise<void> {
  const { seed, bus, act } = request;
  const making = `${request.folder}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true });
  const [path, logPath] = [join(making, 'drive.img'), join(making, 'log')];
  await copySparse(base.drive, path);
  await writeFile(logPath, '');

  const startedAt = performance.now();
  const line = listenTo(logPath);
  const machine = {
    ...quickMachine(bench, { path, logPath, format: 'raw', forgetful: false }),
    bus,
    cpus: 2,
  };
  let transcript = '';
  {
    await using running = startMachine(machine, {
      env: PROGRAM_ENV,
      onSecondSerial: line.take,
      onText: (text) => {
        transcript += text;
      },
    });
    await act(running, () => line.acknowledgements.length);
    await running.cutPower();
  }
  const log = unwrap(parseLog(await readFile(logPath)));
  const papers: RecordingPapers = {
    seed,
    bus,
    acknowledgements: line.acknowledgements,
    durationMs: Math.round(performance.now() - startedAt),
    otherSectors: await countOtherSectors(log, path),
  };
  await rm(path);
  await writeFile(join(making, 'console.log'), transcript);
  await writeFile(join(making, 'recording.json'), JSON.stringify(papers));
  await rename(making, request.folder);
}

/** Waits until so many records were acknowledged, and then for a while. */
export async function waitForRecords(
  heard: () => number,
  until: { readonly count: number; readonly thenMs: number },
): Promise<void> {
  const deadline = performance.now() + RECORDS_TIME_LIMIT_MS;
  while (heard() < until.count) {
    if (performance.now() > deadline) throw new Error(`Only ${heard()} of ${until.count} records came`);
    await sleep(20);
  }
  await sleep(until.thenMs);
}

const RECORDS_TIME_LIMIT_MS = 240_000;

/** Takes the lines of the second serial port, and notes how long the log was when each had come. */
export function listenTo(logPath: HostPath): {
  readonly take: (bytes: Buffer) => void;
  readonly acknowledgements: readonly Acknowledgement[];
} {
  const acknowledgements: Acknowledgement[] = [];
  let unfinished = '';
  const take = (bytes: Buffer) => {
    // Measured after the words came, so never too short: see `requiredRecords`.
    const logBytes = statSync(logPath).size;
    const lines = (unfinished + bytes.toString('latin1')).split(/\r?\n/);
    unfinished = lines.pop() ?? '';
    for (const line of lines) {
      const [, pattern, number] = /^(\w+) (\d+)$/.exec(line) ?? [];
      if (pattern === undefined) throw new Error(`The job said: ${line}`);
      acknowledgements.push({ pattern, number: Number(number), logBytes });
    }
  };
  return { take, acknowledgements };
}
