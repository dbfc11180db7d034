import { fail, type HostPath, ok, type Result } from '#base';
import { problemOf, runProgram } from '#process';

/** Makes the kernel write back, and forget, what it keeps in memory of an open device. */
export async function dropCache(fd: number, subject: HostPath): Promise<Result<undefined>> {
  const result = await runProgram({
    // The first of the extra descriptors is 3.
    argv: ['blockdev', '--flushbufs', '/proc/self/fd/3'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
    extraFds: [fd],
  });
  if (result.succeeded) return ok(undefined);
  const hint = 'blockdev is part of util-linux; it asks for root';
  return fail(problemOf(result, { kind: 'host-lacks', subject, hint }));
}
