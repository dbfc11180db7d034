import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fail, type HostPath, isErrno, ok, type Result } from '#base';
import { ask, lastLine } from './ask.ts';
import { type BuildUser, findBuildUser, ownUid } from './build-user.ts';
import { checkCompiler } from './check-compiler.ts';
import { checkKernel } from './check-kernel.ts';
import { checkOverlay } from './check-overlay.ts';
import { checkPrograms } from './check-programs.ts';
import { checkSpace, nearestFolder } from './check-space.ts';
import type { Finding } from './finding.ts';
import { installCommand, readHostPackages } from './packages.ts';

/** Where the check looks, besides at the machine itself. */
export type CheckOptions = {
  /** Where the store lies or will lie: it must have room, and overlayfs must be able to stack what is there. */
  readonly storeFolder: HostPath;
  /** Room that the run asks for; default: that of a first build of everything. */
  readonly neededBytes?: number;
};

/** LFS's version-check, and more: everything that the host must have, and whether it does. Changes nothing. */
export async function checkHost(options: CheckOptions): Promise<readonly Finding[]> {
  const isRoot = ownUid() === 0;
  const user = isRoot ? ((await findBuildUser()) ?? NOBODY) : await ownUser();
  const packages = await readHostPackages();
  const groups = await Promise.all([
    checkPrograms(packages),
    checkShell(),
    checkCompiler(),
    checkKernel(user, isRoot),
    checkOverlay(await scratchFolderAt(options.storeFolder), isRoot),
    checkSpace(options.storeFolder, options.neededBytes),
  ]);
  return groups.flat();
}

/** The findings as a result: what is missing, together with the one command that mends most of it. */
export function judgeFindings(findings: readonly Finding[]): Result<readonly Finding[]> {
  const bad = findings.filter((finding) => !finding.ok);
  if (bad.length === 0) return ok(findings);
  const packages = bad.flatMap((finding) => finding.package ?? []);
  const others = bad.filter((finding) => finding.package === undefined).flatMap(({ hint }) => hint ?? []);
  const install = packages.length === 0 ? [] : [`On Debian and Ubuntu, as root: ${installCommand(packages)}`];
  return fail({
    kind: bad.every(({ name }) => name === 'disk space') ? 'no-space' : 'host-lacks',
    subject: bad.map(({ name }) => name).join(', '),
    message: `This machine lacks ${bad.length === 1 ? 'something' : `${bad.length} things`} that builds need.`,
    hint: [...install, ...new Set(others)].join('\n'),
    details: bad.map(({ name, have, want }) => `${name}: ${have ?? 'missing'}; needed: ${want}`),
  });
}

/** Stands in for the build user while there is none: the kernel's overflow user (user_namespaces(7)). */
const NOBODY: BuildUser = { name: 'an ordinary user', uid: 65534, gid: 65534 };

async function ownUser(): Promise<BuildUser> {
  return { name: 'this user', uid: ownUid(), gid: process.getgid?.() ?? ownUid() };
}

/** LFS wants /bin/sh to be bash. Sandboxes bind bash over it, so that any shell does here. */
async function checkShell(): Promise<Finding> {
  const answer = await ask(['/bin/sh', '-c', 'echo works']);
  return {
    name: '/bin/sh',
    have: answer.succeeded ? 'works; in sandboxes it is bash' : lastLine(answer),
    want: 'a shell',
    ok: answer.succeeded,
    ...(answer.succeeded ? {} : { hint: installCommand(['dash']) }),
  };
}

async function scratchFolderAt(storeFolder: HostPath): Promise<HostPath> {
  const folder = await nearestFolder(storeFolder);
  try {
    await access(folder, constants.W_OK);
    return folder;
  } catch (error) {
    if (isErrno(error, 'EACCES') || isErrno(error, 'EROFS')) return tmpdir();
    throw error;
  }
}
