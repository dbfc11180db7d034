import { createReadStream, existsSync } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, isErrno, startDigest, unwrap } from '#base';
import { readProject } from '#config';
import { openStore } from '#store';
import { storeFolder } from '../../src/cli/locations.ts';
import { PROJECT } from '../rig.ts';

/**
 * Saves a download: when the user's own store has a source already, a fresh store gets the same file. Its digest is
 * verified here, since a store trusts what it holds. Where there is none, the build fetches the source by itself.
 */
export async function lendSource(name: string, freshStore: string): Promise<void> {
  const own = storeFolder(process.env);
  // Opening a store makes it, and a test has no business to make the user's.
  if (!existsSync(join(own, 'version'))) return;
  const [lender, borrower] = [unwrap(await openStore(own)), unwrap(await openStore(freshStore))];
  const project = unwrap(await readProject({ root: PROJECT, overlay: undefined }, 'minimal'));
  for (const { digest } of project.pins.get(name) ?? []) {
    const path = lender.blobPath(digest);
    if (!(await lender.hasBlob(digest)) || (await digestOf(path)) !== digest) continue;
    await mkdir(dirname(borrower.blobPath(digest)), { recursive: true });
    await linkOrCopy(path, borrower.blobPath(digest));
  }
}

async function digestOf(path: string): Promise<Digest> {
  const digest = startDigest();
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }))
    digest.update(piece as Uint8Array);
  return digest.end();
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isErrno(error, 'EXDEV')) throw error;
    await copyFile(from, to);
  }
}
