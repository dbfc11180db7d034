/** The code of probe.s, assembled; the rest of the sector is empty up to its signature. */
const CODE = [
  'fa31c08ed88ec08ed0bc007cfcbf0010b90018f3abc70600100320c70600200330c70600308300c70608308300c7060a',
  '302000e4920c02e6920f0116b87c66b8a00000000f22e066b8001000000f22d866b9800000c00f320d00010f300f20c0',
  '660d010000800f22c0ea6e7c0800bf00001000b90000030048b8efcdab8967452301f348abbe00001000bf00001800b9',
  '00000100f348a5483947f87507b810000000e7f4f4ebfd900000000000000000ffff0000009aaf000f00a87c',
].join('');

/** QEMU refuses to start from a drive of one sector only. */
const DRIVE_BYTES = 1024 * 1024;

/** How QEMU exits once the code has run to its end: isa-debug-exit makes (0x10 << 1) | 1 of what is written to it. */
export const PROBE_EXIT_CODE = 33;

/** A drive whose boot sector shows that guests really run; see probe.s. */
export function probeDrive(): Uint8Array {
  const drive = Buffer.alloc(DRIVE_BYTES);
  drive.write(CODE, 0, 'hex');
  drive.writeUInt16LE(0xaa55, 510);
  return drive;
}
