/**
 * Removable drives, and writing images to them. Not a place that knows how an image is made. Invariant: a drive boots
 * only when everything on it was read back and found right.
 */
export { type FlashReport, flashDrive } from './flash-drive.ts';
