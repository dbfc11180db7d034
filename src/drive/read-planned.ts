import { markerBytes } from './capacity-markers.ts';
import type { Flash } from './flash.ts';
import { flashFailure } from './flash-problem.ts';
import type { Advance } from './flash-steps.ts';
import { PIECE_BYTES, piecesOf } from './pieces-of.ts';
import { workInOrder } from './work-in-order.ts';
import type { PlannedRange } from './write-plan.ts';

const ZEROS = Buffer.alloc(PIECE_BYTES);

/**
 * Reads everything back that was written, and compares: only when all of it has been written, since on a drive that
 * is smaller than it says later writes fall on earlier ones. Markers come first, since what they show is told best.
 */
export async function readPlanned(flash: Flash, advance: Advance): Promise<void> {
  const { drive, image, job, slots, signal } = flash;
  await readMarkers(flash);
  let doneBytes = 0;
  await workInOrder<PlannedRange>(piecesOf(job.plan.ranges, signal), slots, {
    prepare: ({ offsetBytes, lengthBytes }, slot) => drive.read(slot.subarray(0, lengthBytes), offsetBytes),
    act: async ({ offsetBytes, lengthBytes, from }, slot) => {
      const expected = from === 'image' ? await image.read(offsetBytes, lengthBytes) : ZEROS;
      compare(flash, slot.subarray(0, lengthBytes), expected.subarray(0, lengthBytes), offsetBytes);
      doneBytes += lengthBytes;
      advance(doneBytes);
    },
  });
}

/** Whether these bytes are on the drive. */
export async function isThere(flash: Flash, expected: Buffer, offsetBytes: number): Promise<boolean> {
  return (await get(flash, expected.length, offsetBytes)).equals(expected);
}

/** Reads so many bytes back and compares them. */
export async function readBack(flash: Flash, expected: Buffer, offsetBytes: number): Promise<void> {
  compare(flash, await get(flash, expected.length, offsetBytes), expected, offsetBytes);
}

async function readMarkers(flash: Flash): Promise<void> {
  const { nonce, plan, driveName } = flash.job;
  for (const place of plan.markers) {
    if (await isThere(flash, markerBytes(place, nonce), place)) continue;
    throw flashFailure(
      driveName,
      `${driveName} does not keep what is written at byte ${place}: it is broken, or has less room than it says`,
      { hint: 'Do not use this drive. Drives that claim too large a size lose what is written beyond it' },
    );
  }
}

async function get(
  { drive, slots: [slot] }: Flash,
  lengthBytes: number,
  offsetBytes: number,
): Promise<Buffer> {
  if (slot === undefined) throw new TypeError('A flash has slots.');
  const bytes = slot.subarray(0, lengthBytes);
  await drive.read(bytes, offsetBytes);
  return bytes;
}

function compare({ job }: Flash, found: Buffer, expected: Buffer, offsetBytes: number): void {
  if (found.equals(expected)) return;
  const at = offsetBytes + found.findIndex((byte, index) => byte !== expected[index]);
  throw flashFailure(
    job.driveName,
    `What was read back of ${job.driveName} at byte ${at} is not what was written there`,
    {
      hint: 'The drive is broken, or has less room than it says. Try again with another port and without a hub; if it fails once more, do not use this drive',
    },
  );
}
