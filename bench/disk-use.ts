import { statfs } from 'node:fs/promises';
import { ProblemError } from '#base';
import { type ProgramResult, problemOf, runProgram } from '#process';

/** What is in use on the file system of a folder, in bytes: cheap enough to ask every second. */
export async function usedBytes(folder: string): Promise<number> {
  const { blocks, bfree, bsize } = await statfs(folder);
  return (blocks - bfree) * bsize;
}

/** The blocks that the files below a folder take, in bytes. */
export async function sizeOfTree(folder: string): Promise<number> {
  const { sizeBytes, result } = await count(folder);
  if (sizeBytes !== undefined) return sizeBytes;
  throw new ProblemError(problemOf(result, { kind: 'host-lacks', subject: folder }));
}

/** The same of a folder that somebody is at work in; undefined when too much moved away under the count. */
export async function sizeOfBusyTree(folder: string): Promise<number | undefined> {
  return (await count(folder)).sizeBytes;
}

async function count(folder: string): Promise<{ sizeBytes: number | undefined; result: ProgramResult }> {
  const argv = ['nice', '-n', '19', 'du', '--summarize', '--block-size=1', folder];
  const result = await runProgram({ argv, env: { PATH: '/usr/bin:/bin' } });
  // It exits with 1 when a file went away under it, and mostly has counted all others then.
  const [, digits] = /^(\d+)\t/.exec(result.stdout) ?? [];
  return { sizeBytes: digits === undefined ? undefined : Number(digits), result };
}
