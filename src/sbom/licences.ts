import type { SpdxExpression } from 'spdx-expression-parse';
import { fail, ok, type Result } from '#base';

/** What has a licence: a recipe, or a build of one. */
export type Licensed = { readonly recipe: string; readonly license: string };

/** The licences that expressions name, by expression. Problem: the first recipe whose licence is no SPDX expression. */
export async function readLicences(
  licensed: Iterable<Licensed>,
): Promise<Result<ReadonlyMap<string, readonly string[]>>> {
  const { default: parse } = await import('spdx-expression-parse');
  const read = new Map<string, readonly string[]>();
  for (const { recipe, license } of licensed) {
    if (read.has(license)) continue;
    let parsed: SpdxExpression;
    try {
      parsed = parse(license);
    } catch (error) {
      // The parser throws plain errors, and nothing but what it was given can be wrong with it.
      return fail(noExpression(recipe, license, error instanceof Error ? error.message : String(error)));
    }
    read.set(license, idsOf(parsed));
  }
  return ok(read);
}

/** Every licence is an SPDX expression. Problem: the first recipe of which that is not so. */
export async function checkLicences(licensed: Iterable<Licensed>): Promise<Result<void>> {
  const read = await readLicences(licensed);
  return read.ok ? ok(undefined) : read;
}

function idsOf(expression: SpdxExpression): readonly string[] {
  if ('license' in expression) return [expression.license];
  return [...idsOf(expression.left), ...idsOf(expression.right)];
}

function noExpression(recipe: string, license: string, why: string) {
  return {
    kind: 'bad-recipe',
    subject: recipe,
    message: `The licence of ${recipe}, ${JSON.stringify(license)}, is no SPDX expression: ${why}`,
    place: `recipes/${recipe}/recipe.ts`,
    hint: "Write it with names of the SPDX list, such as 'GPL-2.0-or-later AND MIT', or LicenseRef-NAME for one that it does not have",
  } as const;
}
