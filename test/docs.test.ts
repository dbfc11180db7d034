import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as language from '#recipe';
import { type Recipe, STAGES, X86_64 } from '#recipe';
import { registerRecipeImports } from '../src/config/recipe-imports.ts';
import { LAYERS } from './tidy/layers.ts';

const root = join(import.meta.dirname, '..');

describe('the manual of recipes', () => {
  let folder = '';
  let modules: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recipe-examples-'));
    const manual = await readFile(join(root, 'docs/recipes.md'), 'utf8');
    modules = await writeExamples(folder, typescriptBlocks(manual));
  });
  after(() => rm(folder, { recursive: true }));

  test('has examples', () => assert.ok(modules.length >= 4));

  test('has only examples that compile', async () => {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(await compilerOptions()));
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/.bin/tsc'), '-p', folder]);
  });

  test('has only examples that give builds', async () => {
    registerRecipeImports();
    for (const path of modules) {
      const { default: recipe }: { readonly default: Recipe } = await import(pathToFileURL(path).href);
      const builds = STAGES.flatMap((stage) => recipe.builds[stage]?.({ stage, target: X86_64 }) ?? []);
      assert.ok(builds.length > 0 && builds.every(({ phases }) => phases.install !== undefined), path);
    }
  });
});

test('the manual names every style', async () => {
  const manual = await readFile(join(root, 'docs/recipes.md'), 'utf8');
  const target = X86_64;
  const styles = Object.entries(language).filter(([, value]) => isStyleMaker(value, target));
  assert.ok(styles.length >= 5);
  assert.deepEqual(
    styles.map(([name]) => name).filter((name) => !manual.includes(`* **\`${name}\`**`)),
    [],
  );
});

test('ARCHITECTURE.md names every folder of src/, and every layer as the tidy test knows it', async () => {
  const text = await readFile(join(root, 'ARCHITECTURE.md'), 'utf8');
  const missing = (await readdir(join(root, 'src'))).filter((name) => !text.includes(`\`${name}\``));
  assert.deepEqual(missing, []);
  for (const [, layer, name] of text.matchAll(/^\| (\d) \| `(\w+)` \|/gm)) {
    assert.equal(LAYERS[name ?? '']?.layer, Number(layer), name);
  }
});

test('links of the documents lead somewhere', async () => {
  const broken: string[] = [];
  const documents = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'docs/debugging.md',
    'docs/glossary.md',
    'docs/sbom.md',
    'docs/sources.md',
  ];
  for (const path of documents) {
    const text = await readFile(join(root, path), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const reached = join(root, path, '..', target ?? '');
      await readFile(reached).catch((error: NodeJS.ErrnoException) => {
        // A link may lead to a folder.
        if (error.code !== 'EISDIR') broken.push(`${path}: ${target}`);
      });
    }
  }
  assert.deepEqual(broken, []);
});

/** A style is what gives a function that gives a build. */
function isStyleMaker(value: unknown, target: typeof X86_64): boolean {
  if (typeof value !== 'function' || value.length > 1) return false;
  try {
    return 'phases' in value({})({ stage: 'final', target });
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function typescriptBlocks(text: string): string[] {
  return [...text.matchAll(/^( *)```ts\n([\s\S]*?)^\1```$/gm)].map(([, , code]) => code ?? '');
}

async function writeExamples(folder: string, blocks: readonly string[]): Promise<string[]> {
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  return Promise.all(
    blocks.map(async (code, index) => {
      await mkdir(join(folder, String(index)));
      const path = join(folder, String(index), 'recipe.ts');
      await writeFile(path, code);
      return path;
    }),
  );
}

/** The project's own strictness, and the name that every recipe imports. */
async function compilerOptions(): Promise<unknown> {
  const { compilerOptions: own } = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8'));
  return {
    compilerOptions: {
      ...own,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: { 'blazeneuro/recipe': [join(root, 'src/recipe/index.ts')] },
    },
    include: ['*/recipe.ts'],
  };
}
