import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastOf, type ToyPackage, writeInputs } from './toy-graph.ts';

/** The toy graph as a folder for `--config`: a recipe for each package, with its inputs beside it. */
export async function writeOverlay(graph: readonly ToyPackage[], folder: string): Promise<void> {
  await writeInputs(graph, ({ name }) => join(folder, 'recipes', name, 'files'));
  for (const { name, needs } of graph) {
    await writeFile(join(folder, 'recipes', name, 'recipe.ts'), recipeText(name, needs, `cat $FILES/*.txt`));
  }
  await mkdir(join(folder, 'recipes/toy-all'), { recursive: true });
  await writeFile(
    join(folder, 'recipes/toy-all/recipe.ts'),
    recipeText('toy-all', lastOf(graph), 'echo all'),
  );
}

function recipeText(name: string, needs: readonly string[], command: string): string {
  return `import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: '${name}', license: 'MIT', sources: {},
  builds: {
    system: script({
      sandbox: 'cross', base: 'none', needs: ${JSON.stringify(needs)},
      install: sh\`mkdir -p $OUT/usr/share/toys; ${command} > $OUT/usr/share/toys/${name}\`,
    }),
  },
});
`;
}

/** One Makefile over all packages, as make is at its best. */
export async function writeMakefile(graph: readonly ToyPackage[], folder: string): Promise<void> {
  await writeInputs(graph, ({ name }) => join(folder, name));
  const rules = graph.map((toy) => {
    const inputs = pathsOf(toy);
    return `out/${toy.name}: ${inputs} ${outputs(toy.needs)}\n\tcat ${inputs} > $@\n`;
  });
  await mkdir(join(folder, 'out'), { recursive: true });
  await writeFile(join(folder, 'Makefile'), [`all: ${outputs(lastOf(graph))}\n`, ...rules].join('\n'));
}

/** The same as a build.ninja. */
export async function writeNinja(graph: readonly ToyPackage[], folder: string): Promise<void> {
  await writeInputs(graph, ({ name }) => join(folder, name));
  const rule = 'rule join\n  command = cat $parts > $out\n';
  const edges = graph.map(
    (toy) =>
      `build out/${toy.name}: join ${pathsOf(toy)} | ${outputs(toy.needs)}\n  parts = ${pathsOf(toy)}\n`,
  );
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'build.ninja'), [rule, ...edges].join('\n'));
}

/** The same as a Nix expression; the host's shell builds. */
export async function writeNix(graph: readonly ToyPackage[], folder: string): Promise<void> {
  await writeInputs(graph, ({ name }) => join(folder, name));
  const attributes = graph.map(
    ({ name, needs }) => `  ${name} = toy "${name}" ./${name} [ ${needs.join(' ')} ];`,
  );
  const text = `let
  toy = name: inputs: needs: derivation {
    inherit name inputs needs;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "PATH=/usr/bin:/bin; cat $inputs/*.txt > $out" ];
  };
in rec {
${attributes.join('\n')}
  all = [ ${lastOf(graph).join(' ')} ];
}
`;
  await writeFile(join(folder, 'default.nix'), text);
}

/** The same as npm workspaces, with tasks for turbo and for wireit. */
export async function writeWorkspaces(
  graph: readonly ToyPackage[],
  folder: string,
  runner: 'turbo' | 'wireit',
): Promise<void> {
  await writeInputs(graph, ({ name }) => join(folder, 'packages', name));
  for (const toy of graph) {
    const text = runner === 'turbo' ? turboPackage(toy) : wireitPackage(toy);
    await writeFile(join(folder, 'packages', toy.name, 'package.json'), JSON.stringify(text));
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(rootPackage(graph, runner)));
  if (runner === 'wireit') return;
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lockFile(graph)));
  const build = { dependsOn: ['^build'], inputs: ['*.txt'], outputs: ['out'] };
  await writeFile(join(folder, 'turbo.json'), JSON.stringify({ tasks: { build } }));
}

function rootPackage(graph: readonly ToyPackage[], runner: 'turbo' | 'wireit'): object {
  const common = { name: 'toys', private: true, workspaces: ['packages/*'], packageManager: 'npm@11.0.0' };
  if (runner === 'turbo') return common;
  const dependencies = lastOf(graph).map((name) => `./packages/${name}:build`);
  return { ...common, scripts: { build: 'wireit' }, wireit: { build: { dependencies } } };
}

function turboPackage({ name, needs }: ToyPackage): object {
  const dependencies = Object.fromEntries(needs.map((need) => [need, '1.0.0']));
  return { name, version: '1.0.0', dependencies, scripts: { build: 'cat *.txt > out' } };
}

function wireitPackage({ name, needs }: ToyPackage): object {
  const dependencies = needs.map((need) => `../${need}:build`);
  const build = { command: 'cat *.txt > out', dependencies, files: ['*.txt'], output: ['out'] };
  return { name, version: '1.0.0', scripts: { build: 'wireit' }, wireit: { build } };
}

/** What `npm install` would write for packages that only need each other. */
function lockFile(graph: readonly ToyPackage[]): object {
  const packages = graph.flatMap(({ name, needs }) => [
    [`node_modules/${name}`, { resolved: `packages/${name}`, link: true }] as const,
    [
      `packages/${name}`,
      { version: '1.0.0', dependencies: Object.fromEntries(needs.map((need) => [need, '1.0.0'])) },
    ] as const,
  ]);
  const root = ['', { name: 'toys', workspaces: ['packages/*'] }] as const;
  return {
    name: 'toys',
    lockfileVersion: 3,
    requires: true,
    packages: Object.fromEntries([root, ...packages]),
  };
}

function pathsOf({ name, inputs }: ToyPackage): string {
  return inputs.map((input) => `${name}/${input}`).join(' ');
}

function outputs(names: readonly string[]): string {
  return names.map((name) => `out/${name}`).join(' ');
}
