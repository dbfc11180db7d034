import type { Surroundings } from './variation.ts';

/** A program to start, and everything that it is told. */
export type Start = { readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> };

/** Folders that are also to be seen under another name, since a user cannot get to the first. */
export type Shown = { readonly from: string; readonly to: string; readonly isShuffled?: boolean };

/**
 * Shows folders under other names, in mounts that nobody else sees and that end with the program. Arguments: for each
 * folder how it is shown, where from and where to; `--`; the program. disorderfs stays behind as a process of its own,
 * which the namespace of processes ends.
 */
const SHOW = `set -eu
while [ "$1" != -- ]; do
  case $1 in
    bind) mount --bind "$2" "$3" ;;
    shuffle) disorderfs --quiet --multi-user=yes --shuffle-dirents=yes --reverse-dirents=no "$2" "$3" ;;
  esac
  shift 3
done
shift
code=0
"$@" || code=$?
exit "$code"
`;

/** The command line that runs a program in other surroundings. Pure. */
export function surrounded(program: Start, surroundings: Surroundings, shown: readonly Shown[]): Start {
  const { user, umask, hostName, oneCore, fixedAddresses, machine, env = {} } = surroundings;
  return {
    argv: [
      ...(shown.length === 0 ? [] : showing(shown)),
      ...(hostName === undefined ? [] : naming(hostName)),
      ...(oneCore === undefined ? [] : ['taskset', '--cpu-list', String(oneCore)]),
      ...(fixedAddresses || machine !== undefined ? ['setarch', machine ?? 'x86_64'] : []),
      ...(fixedAddresses ? ['--addr-no-randomize'] : []),
      ...(user === undefined
        ? []
        : ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--']),
      ...(umask === undefined ? [] : ['sh', '-c', 'umask "$1"; shift; exec "$@"', 'umask', umask]),
      ...program.argv,
    ],
    env: { ...program.env, ...env },
  };
}

function showing(shown: readonly Shown[]): string[] {
  return [
    ...[
      'unshare',
      '--mount',
      '--propagation',
      'private',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      '--',
    ],
    ...['sh', '-c', SHOW, 'show'],
    ...shown.flatMap(({ from, to, isShuffled }) => [isShuffled ? 'shuffle' : 'bind', from, to]),
    '--',
  ];
}

function naming(hostName: string): string[] {
  const script = 'echo "$1" > /proc/sys/kernel/hostname; shift; exec "$@"';
  return ['unshare', '--uts', '--', 'sh', '-c', script, 'name', hostName];
}
