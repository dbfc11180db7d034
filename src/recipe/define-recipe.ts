import type { Recipe } from './types.ts';

/** A recipe as people write it: `sources` defaults to the pin of the same name. */
export type RecipeInput = Omit<Recipe, 'sources'> & { readonly sources?: Recipe['sources'] };

/** Makes a recipe. Evaluating it gives plain data and styles; nothing is done. */
export function defineRecipe(input: RecipeInput): Recipe {
  return { ...input, sources: input.sources ?? { '.': input.name } };
}
