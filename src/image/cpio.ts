/** One member of an archive. `mode` holds the type as well, as in `stat`. */
export type CpioMember = {
  /** Without a slash in front. */
  readonly name: string;
  readonly mode: number;
  /** A file's bytes, or where a symlink points. */
  readonly data: Uint8Array;
  /** Of a device node. */
  readonly device?: { readonly major: number; readonly minor: number };
};

/** The type bits of a mode, as in Linux's `stat.h`. */
export const FILE_TYPE = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  characterDevice: 0o020000,
} as const;

/** cpio pads archives to whole blocks of this size. */
const BLOCK_BYTES = 512;

/**
 * An archive in the "newc" format, as Linux's initramfs wants it (Documentation/driver-api/early-userspace/
 * buffer-format.rst): in the order given, all of root, all at one time, inode numbers counted from 1, so that equal
 * members give equal bytes. Directories must come before what is in them.
 */
export function encodeCpio(members: readonly CpioMember[], timeSeconds: number): Buffer {
  const pieces = members.flatMap((member, at) => encodeMember(member, at + 1, timeSeconds));
  // The end is a member of its own, without inode or time.
  pieces.push(...encodeMember({ name: 'TRAILER!!!', mode: 0, data: new Uint8Array() }, 0, 0));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([...pieces, padding(length, BLOCK_BYTES)]);
}

function encodeMember(member: CpioMember, inode: number, timeSeconds: number): Uint8Array[] {
  const name = Buffer.from(`${member.name}\0`);
  const isDirectory = (member.mode & 0o170000) === FILE_TYPE.directory;
  const fields = [
    inode,
    member.mode,
    0, // uid
    0, // gid
    isDirectory ? 2 : 1, // links
    timeSeconds,
    member.data.length,
    0, // major and minor number of the device that it lay on
    0,
    member.device?.major ?? 0,
    member.device?.minor ?? 0,
    name.length,
    0, // checksum, unused in this format
  ];
  const header = Buffer.concat([
    Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`),
    name,
  ]);
  return [header, padding(header.length, 4), member.data, padding(member.data.length, 4)];
}

function padding(length: number, unit: number): Buffer {
  return Buffer.alloc((unit - (length % unit)) % unit);
}
