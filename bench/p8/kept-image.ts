import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfBytes } from '#base';
import { removeTree } from '#store';
import { type DebianInit, debianRecipe, makeDebianTree, versionsIn } from './debian.ts';
import { IMAGE_RECIPE, makeDebianImage } from './debian-image.ts';

/** An image of Debian, and the versions of what its boot is made of. */
export type DebianImage = { readonly path: string; readonly versions: Readonly<Record<string, string>> };

/**
 * A Debian with this init on a stick. It takes minutes to make, so that it is kept below `folder` from one run to the
 * next, by what it is made from; to have it with Debian's newest packages, its folder is removed.
 */
export async function keptDebianImage(
  init: DebianInit,
  folder: string,
  { env, say }: { readonly env: Readonly<Record<string, string>>; say(text: string): void },
): Promise<DebianImage> {
  const key = digestOfBytes(JSON.stringify([debianRecipe(init), IMAGE_RECIPE])).replace('sha256:', '');
  const place = join(folder, `${init}-${key.slice(0, 12)}`);
  if (!existsSync(place)) {
    say(`making Debian with ${init}, once: it is kept in ${place}`);
    await makeWhole(init, place, env);
  }
  const versions = JSON.parse(await readFile(join(place, 'versions.json'), 'utf8')) as Record<string, string>;
  return { path: join(place, 'disk.img'), versions };
}

/** Beside its place, and there by a rename, so that half an image is never taken for one. */
async function makeWhole(
  init: DebianInit,
  place: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const work = `${place}.new`;
  await removeTree(work);
  await mkdir(work, { recursive: true });
  const tree = await makeDebianTree(init, work, env);
  await writeFile(join(work, 'versions.json'), JSON.stringify(await versionsIn(tree, env)));
  await makeDebianImage(tree, work, env);
  await removeTree(tree);
  await rename(work, place);
}
