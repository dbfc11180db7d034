import { crc32 } from 'node:zlib';
import type { Content } from './testing-world.ts';

const KIB = 1024;
const UUID = Buffer.from('0123456789abcdef0123456789abcdef', 'hex');

/** What a header is written to: a device, or a partition that begins somewhere on it. */
export type Span = { readonly startBytes: number; readonly sizeBytes: number };

/** A header of so many bytes, at a place of a span, with what is put into it. */
function header(
  span: Span,
  place: { readonly at: number; readonly lengthBytes?: number },
  fill: (bytes: Buffer) => void,
): Content[] {
  const bytes = Buffer.alloc(place.lengthBytes ?? 512);
  fill(bytes);
  return [{ at: span.startBytes + place.at, bytes }];
}

/** Headers as the tools of each write them, as far as anybody looks at them to know what it is. */
export const HEADERS = {
  luks1: (span: Span) =>
    header(span, { at: 0 }, (bytes) => {
      bytes.write('LUKS\xba\xbe', 0, 'latin1');
      bytes.writeUInt16BE(1, 6);
      bytes.write('aes', 8);
      bytes.write('xts-plain64', 40);
      bytes.write('sha256', 72);
      bytes.write('01234567-89ab-cdef-0123-456789abcdef', 168);
    }),
  luks2: (span: Span) => luks2(span, 0),
  /** The first header is gone, the spare one is not. */
  luks2Spare: (span: Span) => luks2(span, 16 * KIB),
  bitLocker: (span: Span) =>
    header(span, { at: 0 }, (bytes) => bytes.write('\xebX\x90-FVE-FS-', 0, 'latin1')),
  lvm: (span: Span) =>
    header(span, { at: 512 }, (bytes) => {
      bytes.write('LABELONE', 0);
      bytes.writeUInt32LE(1, 8);
      bytes.writeUInt32LE(32, 20);
      bytes.write('LVM2 001', 24);
      bytes.write('0123456789abcdefghijklmnopqrstuv', 32);
      // LVM's checksum begins with a number of its own, and is not turned over at its end (lib/misc/crc.c).
      bytes.writeUInt32LE((crc32(bytes.subarray(20), 0xf597a6cf ^ 0xffffffff) ^ 0xffffffff) >>> 0, 16);
    }),
  raid090: (span: Span) =>
    header(span, { at: alignDown(span.sizeBytes, 64 * KIB) - 64 * KIB, lengthBytes: 4096 }, (bytes) => {
      for (const [at, word] of [0xa92b4efc, 0, 90, 0, 0, 0x01234567].entries())
        bytes.writeUInt32LE(word, at * 4);
    }),
  raid10: (span: Span) => raid1(span, alignDown(span.sizeBytes / 512 - 16, 8) * 512),
  raid11: (span: Span) => raid1(span, 0),
  raid12: (span: Span) => raid1(span, 4 * KIB),
  intelRaid: (span: Span) =>
    header(span, { at: span.sizeBytes - 1024 }, (bytes) => bytes.write('Intel Raid ISM Cfg Sig. 1.2.00')),
  ddf: (span: Span) => header(span, { at: span.sizeBytes - 512 }, (bytes) => bytes.writeUInt32BE(0xde11de11)),
  btrfs: (span: Span) =>
    header(span, { at: 64 * KIB, lengthBytes: 4096 }, (bytes) => {
      UUID.copy(bytes, 32);
      bytes.writeUInt32LE(64 * KIB, 0x30);
      bytes.write('_BHRfS_M', 0x40);
      bytes.writeUInt32LE(span.sizeBytes, 0x70);
      bytes.writeUInt32LE(4096, 0x78);
      bytes.writeUInt32LE(1, 0x88);
      bytes.writeUInt32LE(4096, 0x90);
      bytes.writeUInt32LE(16 * KIB, 0x94);
      bytes.write('photos', 0x12b);
      bytes.writeUInt32LE(crc32c(bytes.subarray(32)), 0);
    }),
  zfs: (span: Span) => zfsLabel(span, 0),
  /** Only the last of its four labels is left. */
  zfsLast: (span: Span) => zfsLabel(span, alignDown(span.sizeBytes, 256 * KIB) - 256 * KIB),
  bcache: (span: Span) =>
    header(span, { at: 4 * KIB }, (bytes) => {
      bytes.writeUInt32LE(8, 8);
      bytes.write('c68573f64e1a45ca8265f57f48ba6d81', 24, 'hex');
      UUID.copy(bytes, 40);
    }),
  bcachefs: (span: Span) =>
    header(span, { at: 4 * KIB }, (bytes) => bytes.write('c68573f666ce90a9d96a60cf803df7ef', 24, 'hex')),
  stratis: (span: Span) =>
    header(span, { at: 512 }, (bytes) => bytes.write('!Stra0tis\x86\xff\x02^\x41rh', 4, 'latin1')),
  vdo: (span: Span) => header(span, { at: 0 }, (bytes) => bytes.write('dmvdo001')),
  dynamicDisk: (span: Span) => header(span, { at: 6 * 512 }, (bytes) => bytes.write('PRIVHEAD')),
  swap: (span: Span) => header(span, { at: 4096 - 10 }, (bytes) => bytes.write('SWAPSPACE2')),
  ext4: (span: Span) =>
    header(span, { at: KIB, lengthBytes: KIB }, (bytes) => {
      bytes.writeUInt32LE(span.sizeBytes / 4096, 0x4);
      bytes.writeUInt32LE(span.sizeBytes / 4096 - 100, 0xc);
      bytes.writeUInt32LE(2, 0x18);
      bytes.writeUInt16LE(0xef53, 0x38);
      bytes.writeUInt32LE(0x4, 0x5c);
      bytes.writeUInt32LE(0x40, 0x60);
      bytes.write('root', 0x78);
    }),
} satisfies Readonly<Record<string, (span: Span) => Content[]>>;

function luks2(span: Span, at: number): Content[] {
  return header(span, { at, lengthBytes: 4096 }, (bytes) => {
    bytes.write(at === 0 ? 'LUKS\xba\xbe' : 'SKUL\xba\xbe', 0, 'latin1');
    bytes.writeUInt16BE(2, 6);
    bytes.writeBigUInt64BE(BigInt(16 * KIB), 8);
    bytes.write('secrets', 24);
    bytes.write('01234567-89ab-cdef-0123-456789abcdef', 168);
    bytes.writeBigUInt64BE(BigInt(at), 256);
  });
}

function raid1(span: Span, at: number): Content[] {
  return header(span, { at, lengthBytes: 4096 }, (bytes) => {
    bytes.writeUInt32LE(0xa92b4efc, 0);
    bytes.writeUInt32LE(1, 4);
    UUID.copy(bytes, 16);
    bytes.write('attic:0', 32);
    bytes.writeUInt32LE(1, 72);
    bytes.writeBigUInt64LE(BigInt(at / 512), 144);
    let sum = 0;
    // Summed up word by word, without the field itself (md.c, calc_sb_1_csum).
    for (let word = 0; word < 256; word += 4) sum += bytes.readUInt32LE(word);
    bytes.writeUInt32LE((sum % 2 ** 32) + Math.floor(sum / 2 ** 32), 216);
  });
}

function zfsLabel(span: Span, at: number): Content[] {
  return header(span, { at: at + 128 * KIB, lengthBytes: 128 * KIB }, (bytes) => {
    for (let block = 0; block < 8; block += 1) {
      bytes.writeUInt32LE(0x00bab10c, block * KIB);
      bytes.writeUInt32LE(5000, block * KIB + 8);
    }
  });
}

/** A GPT of these partitions, as far as it is read: in sectors 1 and 2. */
export function gptOf(...spans: readonly Span[]): Content[] {
  const bytes = Buffer.alloc(33 * 512);
  bytes.write('EFI PART', 0);
  bytes.writeUInt32LE(2, 72);
  bytes.writeUInt32LE(128, 80);
  bytes.writeUInt32LE(128, 84);
  for (const [index, { startBytes, sizeBytes }] of spans.entries()) {
    const at = 512 + index * 128;
    bytes.fill(0x11, at, at + 32);
    bytes.writeUInt32LE(startBytes / 512, at + 32);
    bytes.writeUInt32LE((startBytes + sizeBytes) / 512 - 1, at + 40);
    bytes.write('data', at + 56, 'utf16le');
  }
  return [{ at: 512, bytes }];
}

/** An MBR with these entries; an extended partition says so by its type. */
export function mbrOf(at: number, ...entries: readonly (Span & { readonly type: number })[]): Content[] {
  const bytes = Buffer.alloc(512);
  for (const [index, { type, startBytes, sizeBytes }] of entries.entries()) {
    bytes.writeUInt8(type, 446 + index * 16 + 4);
    bytes.writeUInt32LE(startBytes / 512, 446 + index * 16 + 8);
    bytes.writeUInt32LE(sizeBytes / 512, 446 + index * 16 + 12);
  }
  bytes.writeUInt16LE(0xaa55, 510);
  return [{ at, bytes }];
}

function alignDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

/** CRC-32C (RFC 3720 §B.4), bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
