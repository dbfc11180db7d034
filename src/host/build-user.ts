import { readFile } from 'node:fs/promises';
import { fail, ok, type Result } from '#base';
import { ask, lastLine } from './ask.ts';

/** Whom builds run as; never root. */
export type BuildUser = { readonly name: string; readonly uid: number; readonly gid: number };

/** The user of LFS chapter04/addinguser. */
const NAME = 'lfs';

/**
 * The unprivileged user that builds run as. Root's builds run as `lfs`, which is made when it is missing: a system
 * account without a password or a login. Anybody else builds as themselves.
 */
export async function buildUser(): Promise<Result<BuildUser>> {
  const uid = ownUid();
  if (uid !== 0) return ok(await currentUser(uid));
  const present = await findBuildUser();
  if (present !== undefined) return ok(present);
  return addBuildUser();
}

/** The user `lfs`, if the machine has one. */
export async function findBuildUser(): Promise<BuildUser | undefined> {
  return findUser(await readFile('/etc/passwd', 'utf8'), (user) => user.name === NAME);
}

/** The first user of a passwd file (passwd(5)) that is meant. */
export function findUser(passwd: string, isMeant: (user: BuildUser) => boolean): BuildUser | undefined {
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) continue;
    const user = { name, uid: Number(uid), gid: Number(gid) };
    if (isMeant(user)) return user;
  }
  return undefined;
}

/** The uid of this process. */
export function ownUid(): number {
  if (process.getuid === undefined) throw new Error('Only Linux is known here.');
  return process.getuid();
}

async function currentUser(uid: number): Promise<BuildUser> {
  const known = findUser(await readFile('/etc/passwd', 'utf8'), (user) => user.uid === uid);
  // A container may run as a number that has no name.
  return { name: known?.name ?? `uid ${uid}`, uid, gid: process.getgid?.() ?? known?.gid ?? uid };
}

async function addBuildUser(): Promise<Result<BuildUser>> {
  const groups = await readFile('/etc/group', 'utf8');
  const group = groups.split('\n').some((line) => line.startsWith(`${NAME}:`))
    ? ['--gid', NAME]
    : ['--user-group'];
  const added = await ask([
    'useradd',
    '--system',
    ...group,
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    NAME,
  ]);
  // Another run may have been quicker: what counts is that the user is there.
  const user = await findBuildUser();
  if (user !== undefined) return ok(user);
  return fail({
    kind: 'host-lacks',
    subject: NAME,
    message: `The build user could not be made: ${lastLine(added)}`,
    hint: `As root, run: ${added.commandLine}`,
  });
}
