import { readFile } from 'node:fs/promises';
import { constants, zstdCompressSync } from 'node:zlib';
import { fail, ok, type Result, type TargetPath } from '#base';
import type { OwnedEntry } from './built-artifact.ts';
import { closureOf } from './closure.ts';
import { type CpioMember, encodeCpio, FILE_TYPE } from './cpio.ts';

/** What goes into an initrd, as the profile says. */
export type InitrdRequest = { readonly init: TargetPath; readonly programs: readonly TargetPath[] };

/** An initrd, and the builds that its files came from, sorted. */
export type Initrd = { readonly bytes: Buffer; readonly builds: readonly string[] };

/** Folders that an init mounts things on. */
const MOUNT_POINTS = ['dev', 'proc', 'sys', 'run', 'tmp'] as const;

/**
 * Makes the initrd: the profile's init program as /init, the programs with all they need, mount points, and the
 * two device nodes without which init is mute, since the kernel mounts no devtmpfs in an initrd by itself.
 */
export async function makeInitrd(
  entries: readonly OwnedEntry[],
  request: InitrdRequest,
  timeSeconds: number,
): Promise<Result<Initrd>> {
  const closure = await closureOf(entries, [request.init, ...request.programs]);
  if (!closure.ok) return closure;
  const init = closure.value.find(({ entry }) => entry.path === request.init);
  if (init?.entry.type !== 'file') {
    return fail({
      kind: 'image-failed',
      subject: request.init,
      message: `The initrd's init program, ${request.init}, is not a plain file.`,
      hint: "Name the file itself in the profile's initrd.init.",
    });
  }
  const members = new Map<string, CpioMember>(fixedMembers().map((member) => [member.name, member]));
  const taken = [...entries.filter(isTopSymlink), ...closure.value];
  for (const owned of taken) {
    const member = await memberOf(owned);
    members.set(member.name, member);
  }
  members.set('init', { name: 'init', mode: FILE_TYPE.file | 0o755, data: await readFile(init.hostPath) });
  const sorted = [...members.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const builds = [...new Set(taken.map(({ build }) => build))].sort();
  return ok({ bytes: compress(encodeCpio(sorted, timeSeconds)), builds });
}

/** `/bin` and the like: scripts use them without anyone naming them. */
function isTopSymlink({ entry }: OwnedEntry): boolean {
  return entry.type === 'symlink' && entry.path.lastIndexOf('/') === 0;
}

function fixedMembers(): CpioMember[] {
  const data = new Uint8Array();
  // Numbers as in Linux's Documentation/admin-guide/devices.txt.
  const node = (name: string, permissions: number, major: number, minor: number): CpioMember => ({
    name,
    mode: FILE_TYPE.characterDevice | permissions,
    data,
    device: { major, minor },
  });
  return [
    ...MOUNT_POINTS.map((name) => ({ name, mode: FILE_TYPE.directory | 0o755, data })),
    node('dev/console', 0o600, 5, 1),
    node('dev/null', 0o666, 1, 3),
  ];
}

async function memberOf({ entry, hostPath }: OwnedEntry): Promise<CpioMember> {
  const name = entry.path.slice(1);
  switch (entry.type) {
    case 'symlink':
      return { name, mode: FILE_TYPE.symlink | 0o777, data: Buffer.from(entry.target) };
    case 'directory':
      return { name, mode: FILE_TYPE.directory | Number.parseInt(entry.mode, 8), data: new Uint8Array() };
    case 'file':
      return {
        name,
        // Everything in an initrd is root's, so a setuid bit says nothing there.
        mode: FILE_TYPE.file | (Number.parseInt(entry.mode, 8) & 0o777),
        data: await readFile(hostPath),
      };
  }
}

/**
 * zstd, since it is quick to unpack, and since zlib's bytes depend on the processor in Node's build of it. The next
 * levels take 30 MB more of our memory, and give half a percent.
 */
function compress(archive: Buffer): Buffer {
  return zstdCompressSync(archive, {
    params: {
      [constants.ZSTD_c_compressionLevel]: 9,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_contentSizeFlag]: 1,
    },
    pledgedSrcSize: archive.length,
  });
}
