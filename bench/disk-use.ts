import { statfs } from 'node:fs/promises';
import { ProblemError } from '#base';
import { problemOf, runProgram } from '#process';

/** What is in use on the file system of a folder, in bytes: cheap enough to ask every second. */
export async function usedBytes(folder: string): Promise<number> {
  const { blocks, bfree, bsize } = await statfs(folder);
  return (blocks - bfree) * bsize;
}

/** The blocks that the files below a folder take, in bytes. Files may come and go meanwhile. */
export async function sizeOfTree(folder: string): Promise<number> {
  const argv = ['nice', '-n', '19', 'du', '--summarize', '--block-size=1', folder];
  const result = await runProgram({ argv, env: { PATH: '/usr/bin:/bin' } });
  // It exits with 1 when a file went away under it, and has counted all others then.
  const [, digits] = /^(\d+)\t/.exec(result.stdout) ?? [];
  if (digits !== undefined) return Number(digits);
  throw new ProblemError(problemOf(result, { kind: 'host-lacks', subject: folder }));
}
