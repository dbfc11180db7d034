import { join } from 'node:path';
import { fail, ok, unwrap } from '#base';
import { problemOf, runProgram } from '#process';

/** Assembles a boot sector that lies here into a file of the folder: for tests only, the program needs no assembler. */
export async function assembleSector(name: string, folder: string): Promise<string> {
  const objectPath = join(folder, `${name}.o`);
  const sectorPath = join(folder, `${name}.bin`);
  await run(['as', '--64', join(import.meta.dirname, name), '-o', objectPath]);
  // The firmware puts a boot sector at 0x7c00 and jumps there.
  const place = ['-Ttext', '0x7c00', '--oformat', 'binary', '-e', '_start'];
  await run(['ld', ...place, objectPath, '-o', sectorPath]);
  return sectorPath;
}

async function run(argv: readonly string[]): Promise<void> {
  const result = await runProgram({ argv, env: { PATH: '/usr/bin:/bin' } });
  const outcome = result.succeeded
    ? ok(undefined)
    : fail(problemOf(result, { kind: 'boot-failed', subject: 'sector' }));
  unwrap(outcome);
}
