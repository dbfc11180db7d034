import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runBlazeneuro } from './program.ts';
import type { BenchContext } from './row.ts';
import { copyTree } from './snapshot.ts';

/** What a run leaves for itself, and no other run needs. */
const LEFT_OUT = new Set(['lock', 'staging']);

/** Copies a whole store, so that nothing can happen to the one that it comes from. */
export async function copyStore(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    if (!LEFT_OUT.has(name)) await copyTree(join(from, name), join(to, name));
  }
}

/** Whether a store has all that the image of a checkout takes; nothing is built to find out. */
export async function hasWholeImage(
  checkout: string,
  store: string,
  cwd: string,
  { signal }: BenchContext,
): Promise<boolean> {
  if (!existsSync(store)) return false;
  const { stdout } = await runBlazeneuro(checkout, ['plan', 'image', '--json'], { store, cwd, signal });
  const lines = stdout.trimEnd().split('\n');
  return lines.every((line) => (JSON.parse(line) as { readonly present: boolean }).present);
}

/** A copy of the store that the person has, with the whole image in it; undefined when that one lacks a build. */
export async function wholeStore(folder: string, context: BenchContext): Promise<string | undefined> {
  const { folder: checkout } = await context.snapshot();
  const [store, cwd] = [join(folder, 'store'), join(folder, 'cwd')];
  await mkdir(cwd, { recursive: true });
  if (!existsSync(store) && existsSync(context.options.from)) {
    context.say('copying the store');
    await copyStore(context.options.from, store);
  }
  if (await hasWholeImage(checkout, store, cwd, context)) return store;
  context.say(
    'The store lacks builds of the image, so that its figures are left out. Build it, or name one: --from',
  );
  return undefined;
}
