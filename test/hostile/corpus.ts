import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rig } from '../rig.ts';

const RECIPES = join(import.meta.dirname, 'recipes');

/** What an attack is told, as if it had found out: `@PORT@` in a recipe, and so on. */
export type Facts = {
  /** TCP and UDP port of a server of this test, on the loopback. */
  readonly PORT: string;
  /** A process of the host that must live on: this test. */
  readonly PID: string;
  /** A text in the environment of the program that nobody else may learn. */
  readonly SECRET: string;
  /** A secret file of the host. */
  readonly CANARY: string;
  readonly STORE: string;
  /** Begins the name of everything that attacks make or look for. */
  readonly NAME: string;
};

/** The names of all attacks of the corpus. */
export async function readCorpus(): Promise<string[]> {
  return (await readdir(RECIPES)).sort();
}

/** Writes the corpus, with the facts filled in, as the overlay of a rig. */
export async function writeCorpus(rig: Rig, facts: Facts): Promise<void> {
  await rig.write(
    'profiles/hostile.ts',
    await readFile(join(import.meta.dirname, 'profiles/hostile.ts'), 'utf8'),
  );
  for (const name of await readCorpus()) {
    const text = await readFile(join(RECIPES, name, 'recipe.ts'), 'utf8');
    const filledIn = Object.entries(facts).reduce(
      (before, [fact, value]) => before.replaceAll(`@${fact}@`, value),
      text,
    );
    await rig.write(`recipes/${name}/recipe.ts`, filledIn);
  }
}
