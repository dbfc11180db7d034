import type { HostPath } from '#base';
import type { SandboxHost } from '#sandbox';
import { JOBSERVER_FILE } from './phases-script.ts';

/**
 * The command line that copies a work folder as it is to where nothing is yet, whatever its build closed to itself.
 * Root may read all of it. Who is not root becomes so by number in a user namespace, and there may read all that is
 * their own, whatever its mode (user_namespaces(7)). Owners are left alone then: all is their own, and a group that
 * the namespace does not know, that of a store in a setgid folder, could not be given to a copy.
 */
export function copyArgv(work: HostPath, copy: HostPath, { asRoot }: Pick<SandboxHost, 'asRoot'>): string[] {
  return [
    ...(asRoot ? [] : ['unshare', '--user', '--map-root-user', '--']),
    ...['sh', '-euc', COPY, 'copy', work, copy, JOBSERVER_FILE],
    ...(asRoot ? [] : ['--no-preserve=ownership']),
  ];
}

/** A copied fifo is another one, in which nobody puts tokens; what else a build put in its place is nobody's. */
const COPY = `work=$1 copy=$2 fifo=$3
shift 3
cp --archive --reflink=auto "$@" "$work" "$copy"
if [ -p "$work/$fifo" ]; then ln --force --no-target-directory "$work/$fifo" "$copy/$fifo"; fi
`;
