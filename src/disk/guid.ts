import { type Digest, digestOfBytes } from '#base';

/** A GUID or UUID in its usual spelling, lower case: `c12a7328-f81f-11d2-ba4b-00a0c93ec93b`. */
export type Guid = string & { readonly __brand: 'Guid' };

/** Reads a GUID that was written down; throws on anything else, since only constants of the program come here. */
export function guid(text: string): Guid {
  const lower = text.toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(lower)) throw new TypeError(`Not a GUID: ${text}`);
  return lower as Guid;
}

/**
 * A GUID that follows from a seed and a label, so that the same inputs give the same image: the first 16 bytes of
 * SHA-256 over `seed:label`, marked as version 8, "made in a way of one's own" (RFC 9562 §5.8).
 */
export function guidFrom(seed: Digest, label: string): Guid {
  const bytes = Buffer.from(digestOfBytes(`${seed}:${label}`), 'hex').subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const digits = bytes.toString('hex');
  return guid(
    [8, 12, 16, 20, 32].map((end, at, ends) => digits.slice(at === 0 ? 0 : ends[at - 1], end)).join('-'),
  );
}

/** The 16 bytes of a GUID on disk: its first three groups are little endian (UEFI spec, appendix A). */
export function guidBytes(value: Guid): Buffer {
  return withLittleEndianGroups(Buffer.from(value.replaceAll('-', ''), 'hex'));
}

/** The GUID in 16 bytes of a disk. */
export function guidOfBytes(bytes: Uint8Array): Guid {
  const digits = withLittleEndianGroups(Buffer.from(bytes.subarray(0, 16))).toString('hex');
  return guid(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}

function withLittleEndianGroups(bytes: Buffer): Buffer {
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** The eight hexadecimal digits of a FAT volume's id as blkid and fstab spell them: `ABCD-1234`. */
export function volumeUuid(volumeId: string): string {
  return `${volumeId.slice(0, 4)}-${volumeId.slice(4)}`.toUpperCase();
}
