/**
 * The drives of this machine: what they are, what is on them, why one may not be written, opening the one that may,
 * and writing an image to it; what a stick made of an image is, and whether it still is that. Not what an image is
 * made of, and no dialogue: cli asks and prints. Invariant: nothing is written to a device but through an `OpenDrive`,
 * which only a `WritableDrive` opens; nothing is ever unmounted or stopped by us; and a drive boots only when
 * everything on it was read back and found right.
 */
export { alignedBuffer } from './aligned-buffer.ts';
export { type Drive, tellingSerial } from './drive.ts';
export {
  alignColumns,
  describeLoss,
  formatDriveSize,
  nameOfMaker,
  summarizeContents,
  wordToType,
} from './drive-words.ts';
export type { Aspect, AspectName, Finding, FindingKind, FindingPlace } from './finding.ts';
export type { FlashJob, FlashOptions } from './flash.ts';
export { type FlashReport, flashDrive } from './flash-drive.ts';
export type { Format, FormatKind } from './format.ts';
export type { Bus } from './identity.ts';
export { type JudgedDrive, listDrives } from './list-drives.ts';
export { openBytes } from './open-bytes.ts';
export { type OpenDrive, openDrive } from './open-drive.ts';
export { type OpenImage, openImage } from './open-image.ts';
export { type PermitRequest, permitDrive, type WritableDrive } from './permit-drive.ts';
export { type FlashRequest, planFlash } from './plan-flash.ts';
export type { Contents, PartitionContents, Unreadable } from './read-contents.ts';
export type { Refusal, RefusalKind } from './refusal.ts';
export { type RenewedIdentity, renewIdentity } from './renew-identity.ts';
export { verifyImage } from './verify-image.ts';
export { type DeviceNumber, type DriveWorld, type Seen, THIS_MACHINE } from './world.ts';
export { plannedBytes } from './write-plan.ts';
