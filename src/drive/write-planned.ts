import { markerBytes } from './capacity-markers.ts';
import type { Flash } from './flash.ts';
import type { Advance } from './flash-steps.ts';
import { piecesOf } from './pieces-of.ts';
import { SteadyFlush } from './steady-flush.ts';
import { workInOrder } from './work-in-order.ts';
import { BLOCK_BYTES, type PlannedRange } from './write-plan.ts';

/** A second of writing for a stick: the bytes of which it is not known whether they have arrived. */
const FLUSH_BYTES = 32 * 1024 * 1024;

/** Writes all ranges of the plan, in order, and flushes; `advance` counts what has been flushed. */
export async function writePlanned(flash: Flash, advance: Advance): Promise<void> {
  const { drive, job, slots, signal } = flash;
  const flushed = new SteadyFlush(() => drive.flush(), FLUSH_BYTES, advance);
  const ranges = job.plan.ranges.filter(({ from }) => from !== 'wiped');
  await workInOrder<PlannedRange>(piecesOf(ranges, signal), slots, {
    prepare: (piece, slot) => fillFrom(flash, piece, slot),
    act: async (piece, slot) => {
      await drive.write(slot.subarray(0, piece.lengthBytes), piece.offsetBytes);
      await flushed.wrote(piece.lengthBytes);
    },
  });
  await flushed.end();
}

/** Fills the beginning of a slot with what the piece of the drive gets. */
async function fillFrom({ image }: Flash, piece: PlannedRange, slot: Buffer): Promise<void> {
  const bytes = slot.subarray(0, piece.lengthBytes);
  if (piece.from === 'image') (await image.read(piece.offsetBytes, piece.lengthBytes)).copy(bytes);
  else bytes.fill(0);
}

/** Writes what shows whether the drive is as large as it says; before all else, so that what wraps is overwritten. */
export async function writeMarkers(flash: Flash): Promise<void> {
  const { nonce, plan } = flash.job;
  for (const place of plan.markers) await put(flash, markerBytes(place, nonce), place);
}

/** Takes the markers away again. */
export async function clearMarkers(flash: Flash): Promise<void> {
  for (const place of flash.job.plan.markers) await put(flash, Buffer.alloc(BLOCK_BYTES), place);
}

/** Writes a few bytes, out of aligned memory. */
export async function put(
  { drive, slots: [slot] }: Flash,
  bytes: Buffer,
  offsetBytes: number,
): Promise<void> {
  if (slot === undefined) throw new TypeError('A flash has slots.');
  bytes.copy(slot);
  await drive.write(slot.subarray(0, bytes.length), offsetBytes);
}
