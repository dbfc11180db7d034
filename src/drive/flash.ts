import { type Layout, SECTOR_BYTES } from '#disk';
import type { Emit } from '#event';
import { type ByteReader, patchedReader } from '#file-system';
import { alignedBuffer } from './aligned-buffer.ts';
import { explainFailures, explainImageFailures } from './flash-problem.ts';
import type { OpenDrive } from './open-drive.ts';
import { PIECE_BYTES } from './pieces-of.ts';
import type { WritePlan } from './write-plan.ts';

/** What one drive gets. */
export type FlashJob = {
  /** For people: `/dev/sdb`. */
  readonly driveName: string;
  /** For people: the path of the image. */
  readonly imageName: string;
  /** The image, with what this drive has of its own laid over it. */
  readonly image: ByteReader;
  /** The first 440 bytes of sector 0. */
  readonly bootCode: Uint8Array;
  /** Of the drive, at its own size. */
  readonly layout: Layout;
  readonly plan: WritePlan;
  /** Of this run alone. */
  readonly nonce: string;
};

/** Whom a flash tells of what it does, and who may stop it. */
export type FlashOptions = { readonly emit: Emit; readonly signal: AbortSignal };

/** A drive that is being written, with what every step needs. */
export type Flash = FlashOptions & {
  readonly job: FlashJob;
  readonly drive: Omit<OpenDrive, typeof Symbol.asyncDispose>;
  /** As the drive gets it before it has tables: with zeros where the image's own are. */
  readonly image: ByteReader;
  /** Memory for so many pieces at a time: two on their way to the drive, and one that is being read. */
  readonly slots: readonly Buffer[];
};

/** Where the boot partition begins, behind the table. */
const HEAD_SECTORS = 34;
const SLOTS = 3;

/** Puts together what the steps of a flash need. */
export function beginFlash(drive: OpenDrive, job: FlashJob, options: FlashOptions): Flash {
  const bare = patchedReader(explainImageFailures(job.image, job.imageName), [
    { offsetBytes: 0, bytes: Buffer.alloc(HEAD_SECTORS * SECTOR_BYTES) },
  ]);
  return {
    ...options,
    job,
    drive: explainFailures(drive, job.driveName),
    image: bare,
    slots: Array.from({ length: SLOTS }, () => alignedBuffer(PIECE_BYTES)),
  };
}
