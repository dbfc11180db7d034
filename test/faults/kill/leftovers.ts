import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostPath, isErrno } from '#base';

/** Time within which the kernel and bubblewrap must have ended everything after the program's death. */
const PATIENCE_MS = 10_000;

/** Waits until no process and no mount of a run in `folder` is left; gives back what stayed. */
export async function leftovers(folder: HostPath): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look(basename(folder));
    if (found.length === 0 || Date.now() > deadline) return found;
    await sleep(20);
  }
}

/** A sandbox shows no path of its run in its command line, but in what is mounted in its namespace. */
async function look(name: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((id) => /^\d+$/.test(id) && id !== String(process.pid));
  const found = await Promise.all(
    ids.map(async (id) => {
      const words = (await readProc(id, 'cmdline')).replaceAll('\0', ' ');
      const isOurs = words.includes(name) || (await readProc(id, 'mountinfo')).includes(name);
      return isOurs ? [`process ${id}: ${words.slice(0, 200)}`] : [];
    }),
  );
  const mounts = (await readProc('self', 'mountinfo')).split('\n').filter((line) => line.includes(name));
  return [...found.flat(), ...mounts.map((line) => `mount: ${line}`)];
}

async function readProc(id: string, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${id}/${file}`, 'utf8');
  } catch (error) {
    // It ended while we looked: ENOENT before the file is opened, ESRCH or EINVAL after.
    if (['ENOENT', 'ESRCH', 'EINVAL'].some((code) => isErrno(error, code))) return '';
    throw error;
  }
}
