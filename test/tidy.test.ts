import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Recipe } from '#recipe';
import { registerRecipeImports } from '../src/config/recipe-imports.ts';
import { checkRecipe, checkRecipeText } from './tidy/recipes.ts';
import { checkLanguage, checkNames, checkSizes } from './tidy/shape.ts';
import type { Fault, SourceFile } from './tidy/source-file.ts';
import { checkDoors, checkEffects, checkImports, checkLayerTable } from './tidy/walls.ts';
import { checkWords } from './tidy/words.ts';

const root = join(import.meta.dirname, '..');

const programs = await readAll(['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'config/**/*.ts']);
const sources = programs.filter(({ path }) => path.startsWith('src/'));
const recipes = await readAll(['recipes/*/recipe.ts', 'test/*/recipes/*/recipe.ts']);
const scripts = await readAll(['blazeneuro', '.ci/*', 'src/**/*.sh', 'test/{,system/,faults/,powercut/}run']);
const recipeFiles = await readAll(['{recipes,test/*/recipes}/*/files/**', 'recipes/*/patches/**']);
const papers = await readAll(['*.md', 'docs/**/*.md', 'config/**/*.list', 'package*.json']);

test('the tidy test sees the project', () => {
  assert.ok(sources.length > 50 && recipes.length > 30 && scripts.length >= 4 && recipeFiles.length > 0);
});

describe('walls', () => {
  test('the table of layers only goes downward', () => assert.deepEqual(checkLayerTable(), []));
  test('imports go through doors, downward', () => expectNone(sources.flatMap(checkImports)));
  test('disk, clock, network and terminal are touched where they may be', () => {
    expectNone(sources.flatMap(checkEffects));
  });
  test('every folder has one door that says what it is', () => expectNone(checkDoors(sources)));
});

describe('style', () => {
  test('files and functions are short', () => expectNone(programs.flatMap(checkSizes)));
  test('names say something', () => expectNone(programs.flatMap(checkNames)));
  test('no default export but recipes and profiles, and no any', () => {
    expectNone([...programs, ...recipes].flatMap(checkLanguage));
  });
  test('nothing is left undone, swallowed, or tied to one machine', () => {
    expectNone([...programs, ...recipes, ...scripts, ...recipeFiles, ...papers].flatMap(checkWords));
  });
});

describe('recipes', () => {
  registerRecipeImports();
  for (const file of recipes) {
    test(file.path, async () => {
      const module: { readonly default: Recipe } = await import(pathToFileURL(join(root, file.path)).href);
      expectNone([...checkRecipeText(file, module.default), ...checkRecipe(file, module.default)]);
    });
  }
});

async function readAll(patterns: readonly string[]): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for await (const entry of glob([...patterns], { cwd: root, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.push({ path: path.slice(root.length + 1), text: await readFile(path, 'utf8') });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function expectNone(faults: readonly Fault[]): void {
  assert.deepEqual(
    faults.map(({ path, line, message }) => `${path}:${line}: ${message}`),
    [],
  );
}
