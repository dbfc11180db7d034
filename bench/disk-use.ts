import { statfs } from 'node:fs/promises';
import { ProblemError } from '#base';
import { problemOf, runProgram } from '#process';

/** What is in use on the file system of a folder, in bytes: cheap enough to ask every second. */
export async function usedBytes(folder: string): Promise<number> {
  const { blocks, bfree, bsize } = await statfs(folder);
  return (blocks - bfree) * bsize;
}

/** The blocks that the files below a folder take, in bytes. */
export async function sizeOfTree(folder: string): Promise<number> {
  const argv = ['du', '--summarize', '--block-size=1', folder];
  const result = await runProgram({ argv, env: { PATH: '/usr/bin:/bin' } });
  if (!result.succeeded) {
    throw new ProblemError(problemOf(result, { kind: 'host-lacks', subject: folder }));
  }
  return Number(result.stdout.split('\t')[0]);
}
