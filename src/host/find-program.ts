import { access, constants } from 'node:fs/promises';
import { type HostPath, isErrno } from '#base';

/**
 * Where programs of the build machine are looked for: what the `cross` sandbox shows, and not the PATH of the
 * person, whose own compilers (in /usr/local, in a home folder) no build can see.
 */
export const PROGRAM_FOLDERS: readonly HostPath[] = ['/usr/bin', '/usr/sbin'];

/** The path of a program that a build can use; undefined when there is none. */
export async function findProgram(name: string): Promise<HostPath | undefined> {
  for (const folder of PROGRAM_FOLDERS) {
    const path = `${folder}/${name}`;
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: HostPath): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'EACCES') || isErrno(error, 'ENOTDIR')) return false;
    throw error;
  }
}
