import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeStore } from './copy-store.ts';
import { runBlazeneuro } from './program.ts';
import type { BenchContext } from './row.ts';

/**
 * Assembles the image of a profile from a copy of the person's store, with nothing built; gives the folder of its
 * results, or undefined where the store lacks builds of it.
 */
export async function assembleImage(
  profile: string,
  folder: string,
  context: BenchContext,
): Promise<string | undefined> {
  const store = await wholeStore(folder, context);
  if (store === undefined) return undefined;
  const { folder: checkout } = await context.snapshot();
  const place = { store, cwd: join(folder, 'cwd'), signal: context.signal };
  await mkdir(place.cwd, { recursive: true });
  const plan = await runBlazeneuro(checkout, ['plan', 'image', '--json', '--profile', profile], place);
  if (!plan.stdout.trimEnd().split('\n').every(isPresent)) {
    context.say(`The store lacks builds of ${profile}: it is left out.`);
    return undefined;
  }
  await runBlazeneuro(checkout, ['build', '--profile', profile], place);
  return join(place.cwd, 'out', profile);
}

function isPresent(line: string): boolean {
  return (JSON.parse(line) as { readonly present: boolean }).present;
}
