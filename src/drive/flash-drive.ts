import { fail, ok, type Problem, ProblemError, type Result } from '#base';
import { driveTables } from './drive-tables.ts';
import { beginFlash, type Flash, type FlashJob, type FlashOptions } from './flash.ts';
import { flashFailure } from './flash-problem.ts';
import { tellStep } from './flash-steps.ts';
import { endOf } from './join-ranges.ts';
import type { OpenDrive } from './open-drive.ts';
import { isThere, readBack, readPlanned } from './read-planned.ts';
import { BLOCK_BYTES, plannedBytes } from './write-plan.ts';
import { clearMarkers, put, writeMarkers, writePlanned } from './write-planned.ts';

/** What a flash that is done came to. */
export type FlashReport = {
  readonly writtenBytes: number;
  readonly writeMs: number;
  readonly readMs: number;
};

/**
 * Writes an image to a drive, and knows that it is there. The old partition tables go first, and the new ones come
 * when everything else was read back: at no moment before the end does the drive boot, and after a failure it does
 * not either. Nothing is written a second time after a failure: what a failed flush lost is known to nobody.
 */
export async function flashDrive(
  drive: OpenDrive,
  job: FlashJob,
  options: FlashOptions,
): Promise<Result<FlashReport>> {
  const flash = beginFlash(drive, job, options);
  const { driveName } = job;
  const sizeBytes = plannedBytes(job.plan);
  const step = (name: string, act: Parameters<typeof tellStep>[2]) =>
    tellStep(options.emit, { step: name, sizeBytes }, act);
  try {
    await wipeTables(flash);
    await writeMarkers(flash);
    const written = await step(`write ${driveName}`, (advance) => writePlanned(flash, advance));
    const read = await step(`read back ${driveName}`, (advance) => readPlanned(flash, advance));
    options.signal.throwIfAborted();
    await writeTables(flash);
    return ok({ writtenBytes: sizeBytes, writeMs: written.durationMs, readMs: read.durationMs });
  } catch (error) {
    const problem = problemOf(error, flash);
    if (problem === undefined) throw error;
    return fail({ ...problem, details: [...(problem.details ?? []), await leaveWithoutTables(flash)] });
  }
}

/** Takes the old tables away, and sees at once whether the drive can be written at all. */
async function wipeTables(flash: Flash): Promise<void> {
  const { driveName } = flash.job;
  if (await areTablesWiped(flash)) return;
  throw flashFailure(driveName, `${driveName} takes no writes: what was written to it is not there`, {
    hint: 'Is it locked by a switch? Flash that is worn out lets itself only be read, too',
  });
}

/** The backup first: whenever this breaks off, there is no half a table that would be taken for a whole one. */
async function writeTables(flash: Flash): Promise<void> {
  const { layout, plan, bootCode } = flash.job;
  const { head, tail } = plan;
  const behindTable = await flash.image.read(endOf(head) - BLOCK_BYTES, BLOCK_BYTES);
  const tables = driveTables(layout, plan, { bootCode, behindTable });
  await clearMarkers(flash);
  await put(flash, tables.backup, tail.offsetBytes);
  await flash.drive.flush();
  await put(flash, tables.primary, head.offsetBytes);
  await flash.drive.flush();
  for (const place of plan.markers) await readBack(flash, Buffer.alloc(BLOCK_BYTES), place);
  await readBack(flash, tables.backup, tail.offsetBytes);
  await readBack(flash, tables.primary, head.offsetBytes);
  // No firmware and no kernel takes a table without sector 0: this is what makes it a drive that boots.
  await put(flash, tables.boot.subarray(0, BLOCK_BYTES), 0);
  await flash.drive.flush();
  await readBack(flash, tables.boot, head.offsetBytes);
}

/** What to tell of a failure; undefined for a bug. */
function problemOf(error: unknown, { signal, job }: Flash): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (!signal.aborted || error !== signal.reason) return undefined;
  return {
    kind: 'interrupted',
    subject: job.driveName,
    message: `Writing ${job.driveName} was interrupted. It does not boot, and what was on it is lost`,
    hint: 'Run the same command again: it begins anew',
  };
}

/** After a failure: sees to it that nothing takes the drive for a whole one, and says whether that holds. */
async function leaveWithoutTables(flash: Flash): Promise<string> {
  const { driveName } = flash.job;
  try {
    if (await areTablesWiped(flash)) return `${driveName} has no partition table, so that it does not boot.`;
    return `${driveName} takes no writes any more: do not use what is on it.`;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return `Its partition tables could not be wiped (${error.problem.message}): do not use what is on it.`;
  }
}

/** Wipes both tables, and looks whether they are gone. */
async function areTablesWiped(flash: Flash): Promise<boolean> {
  const { head, tail } = flash.job.plan;
  const wiped = [head, tail].map((range) => ({ ...range, zeros: Buffer.alloc(range.lengthBytes) }));
  for (const { offsetBytes, zeros } of wiped) await put(flash, zeros, offsetBytes);
  await flash.drive.flush();
  for (const { offsetBytes, zeros } of wiped) if (!(await isThere(flash, zeros, offsetBytes))) return false;
  return true;
}
