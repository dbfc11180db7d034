import { SANDBOX_PATHS } from '#recipe';
import type { Sandbox, SandboxHost, SandboxLimits } from './sandbox.ts';
import { seccompFilter } from './seccomp.ts';
import { LIMIT, SETUP } from './setup.ts';

/** Where the setup opens the filter of system calls. */
const FILTER_FD = '9';

/**
 * The command line that runs a sandbox: a private mount namespace in which the layers are stacked, then bubblewrap.
 * When it has ended, no process that it started is left. Pure, so that it can be printed and replayed by hand.
 */
export function sandboxArgv(sandbox: Sandbox, host: SandboxHost): string[] {
  const readOnly = sandbox.readOnly.flatMap(({ source }) => [source]);
  return [
    'unshare',
    ...(host.asRoot ? [] : ['--user', '--map-root-user']),
    ...['--mount', '--propagation', 'private', '--pid', '--mount-proc', '--kill-child', '--'],
    ...['bash', '-c', SETUP, 'sandbox'],
    host.mountPoint,
    sandbox.layersFolder,
    overlayOptions(sandbox, host),
    sandbox.workFolder,
    sandbox.outFolder,
    escaped(seccompFilter()),
    sandbox.limits?.memoryGroup ?? '',
    String(readOnly.length),
    ...readOnly,
    ...dropRights(host),
    ...bubblewrap(sandbox, host),
    ...limited(sandbox.limits),
    ...sandbox.command,
  ];
}

/** Bytes as bash's printf makes them: no file of the host is needed to replay the command. */
function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Relative names, since all options together must fit into one page of memory: 150 layers do. */
function overlayOptions(sandbox: Sandbox, host: SandboxHost): string {
  const layers = Array.from({ length: sandbox.layerCount }, (_, index) => String(index));
  const rights = host.asRoot ? '' : 'userxattr,';
  return `ro,${rights}lowerdir=${[...layers, `${host.mountPoint}/points`].join(':')}`;
}

/** No build is ever real root. Another user's death wish is a new one: the kernel forgets it with the old user. */
function dropRights(host: SandboxHost): string[] {
  if (!host.asRoot) return [];
  return [
    'setpriv',
    `--reuid=${host.user.uid}`,
    `--regid=${host.user.gid}`,
    '--clear-groups',
    '--pdeathsig',
    'KILL',
    '--',
  ];
}

function bubblewrap(sandbox: Sandbox, host: SandboxHost): string[] {
  const isOrdinary = sandbox.kind === 'cross' || sandbox.asOrdinaryUser === true;
  const uid = isOrdinary ? '1000' : '0';
  return [
    'bwrap',
    ...[
      '--unshare-user',
      '--unshare-ipc',
      '--unshare-pid',
      '--unshare-net',
      '--unshare-uts',
      '--unshare-cgroup-try',
    ],
    ...['--hostname', 'blazeneuro', '--uid', uid, '--gid', uid],
    ...['--die-with-parent', '--new-session'],
    ...(sandbox.kind === 'cross' ? crossRoot(host) : ['--ro-bind', `${host.mountPoint}/root`, '/']),
    ...(isOrdinary ? accounts(host) : []),
    ...['--dev', '/dev', '--bind', `${host.mountPoint}/shm`, '/dev/shm', '--remount-ro', '/dev'],
    ...['--proc', '/proc', '--bind', `${host.mountPoint}/tmp`, '/tmp'],
    ...['--bind', `${host.mountPoint}/work`, SANDBOX_PATHS.work],
    ...['--bind', `${host.mountPoint}/out`, SANDBOX_PATHS.out],
    ...sandbox.readOnly.flatMap(({ path }, index) => ['--ro-bind', `${host.mountPoint}/only/${index}`, path]),
    // Only now, since bubblewrap itself makes the folders above in a root of its own.
    ...(sandbox.kind === 'cross' ? ['--remount-ro', '/'] : []),
    ...['--cap-drop', 'ALL', '--seccomp', FILTER_FD],
    ...['--chdir', SANDBOX_PATHS.work, '--clearenv'],
    ...Object.entries(sandbox.env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--',
  ];
}

function limited(limits: SandboxLimits | undefined): string[] {
  if (limits === undefined) return [];
  const { processes, fileBytes } = limits;
  return ['bash', '-c', LIMIT, 'limit', String(processes), String(Math.ceil(fileBytes / 1024))];
}

/** The host's tools, read-only and without what was installed by hand; bash as sh, as LFS asks for. */
function crossRoot(host: SandboxHost): string[] {
  return [
    ...[
      '--ro-bind',
      '/usr',
      '/usr',
      '--ro-bind',
      `${host.mountPoint}/empty`,
      '/usr/local',
      '--ro-bind',
      '/usr/bin/bash',
      '/usr/bin/sh',
    ],
    ...['bin', 'lib', 'lib64', 'sbin'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...host.toolFolders.flatMap((path) => ['--ro-bind', path, path]),
    ...['--ro-bind', `${host.mountPoint}/root`, SANDBOX_PATHS.lfs],
  ];
}

/** The ordinary user has a name. */
function accounts({ mountPoint }: SandboxHost): string[] {
  return ['passwd', 'group'].flatMap((name) => ['--ro-bind', `${mountPoint}/${name}`, `/etc/${name}`]);
}
