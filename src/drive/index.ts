/**
 * Removable drives: what a stick made of an image is, and whether it still is that. Not what an image is made of
 * (image). Invariant: nothing is written to a device that was not shown and confirmed.
 */
export type { Aspect, AspectName, Finding, FindingKind, FindingPlace } from './finding.ts';
export { openBytes } from './open-bytes.ts';
export { type RenewedIdentity, renewIdentity } from './renew-identity.ts';
export { verifyImage } from './verify-image.ts';
