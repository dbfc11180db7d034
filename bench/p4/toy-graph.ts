import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package of the toy graph: its inputs are files, and it gives one file that holds them all. */
export type ToyPackage = {
  readonly name: string;
  readonly needs: readonly string[];
  /** Names of its input files, below a folder of its own. */
  readonly inputs: readonly string[];
};

/** The same graph whenever it is made: each package needs two earlier ones, at most. */
export function toyGraph(packages: number, inputsEach: number): ToyPackage[] {
  return Array.from({ length: packages }, (_, index) => ({
    name: nameOf(index),
    needs:
      index === 0
        ? []
        : [...new Set([Math.floor(index / 2), Math.floor(index / 3)])]
            .filter((one) => one < index)
            .map(nameOf)
            .sort(),
    inputs: Array.from({ length: inputsEach }, (_, input) => `input-${String(input).padStart(2, '0')}.txt`),
  }));
}

function nameOf(index: number): string {
  return `toy-${String(index).padStart(3, '0')}`;
}

/** Packages that no other one needs. */
export function lastOf(graph: readonly ToyPackage[]): string[] {
  const needed = new Set(graph.flatMap(({ needs }) => needs));
  return graph.map(({ name }) => name).filter((name) => !needed.has(name));
}

/** Writes the input files of each package: `<folder>/<name>/<input>`. */
export async function writeInputs(
  graph: readonly ToyPackage[],
  folderOf: (toy: ToyPackage) => string,
): Promise<void> {
  for (const toy of graph) {
    await mkdir(folderOf(toy), { recursive: true });
    for (const input of toy.inputs) {
      await writeFile(join(folderOf(toy), input), `${toy.name} ${input}\n`.repeat(20));
    }
  }
}
