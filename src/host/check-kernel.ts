import { readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import { isErrno } from '#base';
import { ask, lastLine } from './ask.ts';
import type { BuildUser } from './build-user.ts';
import type { Finding } from './finding.ts';
import { compareVersions, findVersion } from './version.ts';

/** What the running kernel must offer: its version, pseudo terminals, and name spaces for ordinary users. */
export async function checkKernel(user: BuildUser, isRoot: boolean): Promise<readonly Finding[]> {
  return [
    judgeKernelVersion(release(), isRoot),
    await checkPseudoTerminals(),
    await checkUserNamespaces(user, isRoot),
  ];
}

/** Judges the kernel's version, as `uname -r` says it. */
export function judgeKernelVersion(releaseText: string, isRoot: boolean): Finding {
  // LFS chapter02/hostreqs asks for 5.4. Overlay mounts of ordinary users came with Linux 5.11.
  const minimum = isRoot ? '5.4' : '5.11';
  const version = findVersion(releaseText);
  const isNewEnough = version !== undefined && compareVersions(version, minimum) >= 0;
  return {
    name: 'kernel',
    have: releaseText,
    want: `${minimum} or newer`,
    ok: isNewEnough,
    ...(isNewEnough ? {} : { hint: 'Boot a newer kernel; the one of any distribution since 2021 will do.' }),
  };
}

/** LFS chapter02/hostreqs: UNIX98 pseudo terminals, which test suites and `script` ask for. */
async function checkPseudoTerminals(): Promise<Finding> {
  const fileSystems = await readFile('/proc/filesystems', 'utf8');
  const hasFileSystem = /\bdevpts$/m.test(fileSystems);
  const hasDevice = await isCharacterDevice('/dev/ptmx');
  return {
    name: 'UNIX98 ptys',
    have: `/dev/ptmx ${hasDevice ? 'present' : 'missing'}, devpts ${hasFileSystem ? 'known' : 'unknown'} to the kernel`,
    want: '/dev/ptmx and devpts',
    ok: hasDevice && hasFileSystem,
    ...(hasDevice && hasFileSystem
      ? {}
      : { hint: 'Use a kernel with CONFIG_UNIX98_PTYS, and mount /dev/pts.' }),
  };
}

async function isCharacterDevice(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isCharacterDevice();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Really makes a user namespace, as the user that builds run as. */
async function checkUserNamespaces(user: BuildUser, isRoot: boolean): Promise<Finding> {
  const answer = await ask([...asUser(user, isRoot), 'unshare', '--user', '--map-root-user', 'true']);
  return {
    name: 'user namespaces',
    have: answer.succeeded ? `work for ${user.name}` : lastLine(answer),
    want: 'unshare --user works for the user that builds run as',
    ok: answer.succeeded,
    ...(answer.succeeded ? {} : { hint: await userNamespaceHint() }),
  };
}

/** The words that make root run a program as somebody else; none when the person is not root. */
export function asUser(user: BuildUser, isRoot: boolean): readonly string[] {
  if (!isRoot) return [];
  return ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--'];
}

/** Each switch by which a distribution forbids name spaces, and the command that turns it. */
const SWITCHES = [
  {
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    mend: 'kernel.unprivileged_userns_clone=1',
  },
  {
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    mend: 'kernel.apparmor_restrict_unprivileged_userns=0',
  },
  { path: '/proc/sys/user/max_user_namespaces', forbids: '0', mend: 'user.max_user_namespaces=15000' },
] as const;

async function userNamespaceHint(): Promise<string> {
  for (const { path, forbids, mend } of SWITCHES) {
    if ((await readSwitch(path)) === forbids) return `As root, run: sysctl -w ${mend}`;
  }
  return 'Allow user namespaces: a kernel with CONFIG_USER_NS, and a container that does not forbid unshare(2).';
}

async function readSwitch(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
