import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { digestOfBytes, formatBytes, type HostPath, ok, type Result } from '#base';
import {
  describeLoss,
  type FlashJob,
  type FlashReport,
  flashDrive,
  type OpenImage,
  openDrive,
  openImage,
  permitDrive,
  planFlash,
  plannedBytes,
  THIS_MACHINE,
  type WritableDrive,
} from '#drive';
import { checkImage } from './check-image.ts';
import { confirmDrive } from './confirm-drive.ts';
import { flashedText } from './flashed-text.ts';
import { writeLine } from './open-reporter.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';

/** The words behind `flash`, as the command line gave them. */
export type FlashWords = { readonly serial?: string; readonly checkDigest?: boolean };

/** `flash IMAGE DRIVE`: everything that can be wrong is found before anybody is asked, and that before anything is written. */
export function flashCommand(image: string, drive: string, words: FlashWords): Handler {
  return async (session) => {
    const { flags, signal } = session;
    const request = { path: drivePath(drive), imagePath: resolve(image), typedSerial: words.serial };
    // Before the image is unpacked, so that whoever named a wrong drive is told at once.
    const seen = await permitDrive({ ...request, imageBytes: 0 }, THIS_MACHINE);
    if (!seen.ok) return seen;
    const opened = await openFor(session, request.imagePath, seen.value);
    if (!opened.ok) return opened;
    await using bytes = opened.value;
    const checked = await checkImage(session, bytes, words.checkDigest === true);
    if (!checked.ok) return checked;
    const permitted = await permitDrive({ ...request, imageBytes: bytes.sizeBytes }, THIS_MACHINE);
    if (!permitted.ok) return permitted;
    const job = await planFlash({
      image: bytes,
      imageName: request.imagePath,
      drive: permitted.value,
      seed: digestOfBytes(randomBytes(32)),
    });
    if (!job.ok) return job;
    if (flags.dryRun) return ok(tellPlan(permitted.value, job.value));
    const confirmed = await confirmDrive(permitted.value, { flags, typedSerial: words.serial, signal });
    if (!confirmed.ok) return confirmed;
    return await write(session, permitted.value, job.value);
  };
}

async function write(session: Session, permitted: WritableDrive, job: FlashJob): Promise<Result<number>> {
  const report = await openAndFlash(session, permitted, job);
  if (!report.ok) return report;
  const { imageName, driveName, layout } = job;
  session.emit({
    type: 'flash-finished',
    image: imageName,
    drive: driveName,
    ...report.value,
    diskGuid: layout.diskGuid,
  });
  if (!session.flags.json) {
    process.stdout.write(
      flashedText(job, report.value)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  return ok(0);
}

/** The drive is closed again when anybody is told that it may be pulled out. */
async function openAndFlash(
  { emit, signal }: Session,
  permitted: WritableDrive,
  job: FlashJob,
): Promise<Result<FlashReport>> {
  const drive = await openDrive(permitted, THIS_MACHINE);
  if (!drive.ok) return drive;
  await using opened = drive.value;
  return await flashDrive(opened, job, { emit, signal });
}

function openFor(session: Session, path: HostPath, drive: WritableDrive): Promise<Result<OpenImage>> {
  const { emit, signal } = session;
  // What is unpacked may be gigabytes, and /tmp may be memory (FHS 3.0 §5.15).
  const folder = process.env['TMPDIR'] ?? '/var/tmp';
  return openImage(path, { folder, largestBytes: drive.sizeBytes, emit, signal });
}

function tellPlan(drive: WritableDrive, job: FlashJob): number {
  for (const line of describeLoss(drive)) writeLine(line);
  const size = formatBytes(plannedBytes(job.plan));
  writeLine(
    `${size} of ${basename(job.imageName)} would be written to it, and read back. Nothing was changed.`,
  );
  return 0;
}

/** `sdb` is short for `/dev/sdb`. */
function drivePath(drive: string): HostPath {
  return drive.includes('/') ? resolve(drive) : `/dev/${drive}`;
}
