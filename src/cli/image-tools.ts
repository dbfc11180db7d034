import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, fail, type HostPath, ok } from '#base';
import type { ImageContext } from '#image';
import { problemOf, runProgram } from '#process';
import { SANDBOX_PATHS } from '#recipe';
import { type SandboxHost, sandboxArgv } from '#sandbox';
import type { Store } from '#store';
import type { Session } from './session.ts';

/** Runs shell text in a work folder, with the profile's image tools and nothing else. */
export type RunTools = ImageContext['runTools'];

/** Makes `RunTools` on the sandbox: our own tools in `chroot`, or the host's in `cross`. */
export async function openTools(
  session: Pick<Session, 'sourceDateEpoch' | 'signal'> & { readonly store: Pick<Store, 'treePath'> },
  host: SandboxHost,
  layers: readonly Digest[],
  scratch: HostPath,
): Promise<RunTools> {
  const layersFolder = join(scratch, 'layers');
  const outFolder = join(scratch, 'out');
  for (const folder of [layersFolder, outFolder]) await mkdir(folder, { recursive: true });
  for (const [index, artifact] of [...layers].reverse().entries()) {
    await symlink(session.store.treePath(artifact), join(layersFolder, String(index)));
  }
  let scripts = 0;
  return async (script, workFolder, readOnly = []) => {
    scripts += 1;
    const name = `tools-${scripts}.sh`;
    await writeFile(join(workFolder, name), `set -eu -o pipefail\numask 022\n${script}`);
    // For the build user, however strict our umask is.
    await chmod(join(workFolder, name), 0o644);
    // The folder only: what is in it the tools just read.
    if (host.asRoot) await chown(workFolder, host.user.uid, host.user.gid);
    const result = await runProgram({
      argv: sandboxArgv(
        {
          kind: layers.length === 0 ? 'cross' : 'chroot',
          layerCount: layers.length,
          layersFolder,
          workFolder,
          outFolder,
          readOnly: readOnly.map((folder) => ({
            source: join(workFolder, folder),
            path: `${SANDBOX_PATHS.work}/${folder}`,
          })),
          env: {
            PATH: '/usr/bin:/usr/sbin',
            LC_ALL: 'C',
            TZ: 'UTC',
            HOME: '/build',
            SOURCE_DATE_EPOCH: String(session.sourceDateEpoch),
          },
          command: ['bash', `/build/${name}`],
        },
        host,
      ),
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      signal: session.signal,
      dieWithUs: true,
    });
    return result.succeeded
      ? ok(undefined)
      : fail(problemOf(result, { kind: 'image-failed', subject: 'image' }));
  };
}
