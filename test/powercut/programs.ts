import type { HostPath } from '#base';
import { type ProgramResult, quoteArgv, runProgram } from '#process';

/** mtools reads no settings of the host; sbin has e2fsck and debugfs. */
export const PROGRAM_ENV = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  MTOOLSRC: '/dev/null',
  // mtools checks a geometry that no image has.
  MTOOLS_SKIP_CHECK: '1',
} as const;

/** Copies a file with its holes; where the file system can, nothing is copied at all. */
export async function copySparse(source: HostPath, target: HostPath): Promise<void> {
  await mustRun(['cp', '--sparse=always', '--reflink=auto', '--', source, target]);
}

/** Runs a program of the test itself; what goes wrong with it is the test's own fault. */
export async function mustRun(argv: readonly string[]): Promise<string> {
  const result = await run(argv);
  if (!result.succeeded)
    throw new Error(`${quoteArgv(argv)} ended with ${result.exitCode}: ${result.stderr}`);
  return result.stdout;
}

export function run(argv: readonly string[]): Promise<ProgramResult> {
  return runProgram({ argv, env: PROGRAM_ENV });
}
