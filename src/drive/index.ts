/**
 * The drives of this machine: what they are, what is on them, why one may not be written, and opening the one that
 * may. Not what an image is made of, and no dialogue: cli asks and prints. Invariant: nothing is written to a device
 * but through an `OpenDrive`, which only a `WritableDrive` opens; and nothing is ever unmounted or stopped by us.
 */
export { alignedBuffer } from './aligned-buffer.ts';
export type { Drive } from './drive.ts';
export type { FlashJob, FlashOptions } from './flash.ts';
export { type FlashReport, flashDrive } from './flash-drive.ts';
export type { Bus } from './identity.ts';
export { type JudgedDrive, listDrives } from './list-drives.ts';
export { type OpenDrive, openDrive } from './open-drive.ts';
export { type PermitRequest, permitDrive, type WritableDrive } from './permit-drive.ts';
export type { Contents, PartitionContents, Unreadable } from './read-contents.ts';
export type { Refusal, RefusalKind } from './refusal.ts';
export { type RenewedIdentity, renewIdentity } from './renew-identity.ts';
export type { Signature, SignatureKind } from './signature.ts';
export { type DeviceNumber, type DriveWorld, type Seen, THIS_MACHINE } from './world.ts';
