import { runProgram } from '#process';

/** What a tool of the host says of a file system. Throws when it is not there. */
export async function askTool(argv: readonly string[], input?: string): Promise<string> {
  const result = await runProgram({
    argv,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', MTOOLSRC: '/dev/null' },
    ...(input === undefined ? {} : { stdin: { text: input } }),
  });
  if (result.outcome === 'not-started') throw new Error(`${argv[0]} is needed to tell what differs`);
  return result.stdout;
}
