import parseSpdx from 'spdx-expression-parse';
import { type Recipe, STAGES, X86_64 } from '#recipe';
import { blankOut } from './blank-out.ts';
import { type Fault, faultAt, faultsWhere, type SourceFile } from './source-file.ts';

const LONGEST_BUILD = 45;

/** A recipe's text: a page of LFS for each package that LFS has, short, and with nothing hidden. */
export function checkRecipeText(file: SourceFile, recipe: Recipe): Fault[] {
  const builds = Math.max(1, Object.keys(recipe.builds).length);
  const lines = codeLines(file.text);
  const faults = [
    ...faultsWhere(file, file.text, /2>\s*\/dev\/null/g, 'a hidden message'),
    ...faultsWhere(file, blankOut(file.text, 'comments'), /\bmake\s[^\n`]*-j/g, 'the style gives -j'),
  ];
  if (lines > LONGEST_BUILD * builds) {
    faults.push(faultAt(file, 0, `has ${lines} lines of code for ${builds} build(s)`));
  }
  // A recipe without sources installs files of our own, which no page of LFS describes.
  const isOurs = Object.keys(recipe.sources).length === 0;
  if (!isOurs && !/LFS chapter\d\d\/[a-z0-9+-]+|Not in LFS/.test(file.text)) {
    faults.push(faultAt(file, 0, 'says neither its page of LFS (LFS chapter08/grep) nor "Not in LFS"'));
  }
  return faults;
}

function codeLines(text: string): number {
  return blankOut(text, 'comments')
    .split('\n')
    .filter((line) => line.trim() !== '').length;
}

/** A recipe's data: a licence as SPDX spells it, and needs that are sorted and named once. */
export function checkRecipe(file: SourceFile, recipe: Recipe): Fault[] {
  const faults: Fault[] = [];
  if (!isSpdxExpression(recipe.license)) {
    faults.push(faultAt(file, 0, `has a licence that is no SPDX expression: '${recipe.license}'`));
  }
  for (const stage of STAGES) {
    const build = recipe.builds[stage]?.({ stage, target: X86_64 });
    if (build === undefined) continue;
    const sorted = [...new Set(build.needs)].sort();
    if (sorted.join() !== build.needs.join()) {
      faults.push(faultAt(file, 0, `needs of ${stage}/${recipe.name} should be: ${sorted.join(', ')}`));
    }
  }
  return faults;
}

function isSpdxExpression(text: string): boolean {
  try {
    parseSpdx(text);
    return true;
  } catch (error) {
    // The parser throws plain errors for what it cannot read, and nothing else.
    if (error instanceof Error) return false;
    throw error;
  }
}
