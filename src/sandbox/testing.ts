import { spawnSync } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostPath } from '#base';
import { type ProgramResult, runProgram } from '#process';
import { sandboxArgv } from './argv.ts';
import type { Sandbox, SandboxHost } from './sandbox.ts';

export const IS_ROOT = process.getuid?.() === 0;

/** The kernel's overflow user (user_namespaces(7)): there is nobody less privileged. */
export const NOBODY = { uid: 65534, gid: 65534 } as const;

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** The sandboxes' host as this test runs: as root on behalf of nobody, or as whoever we are. */
export const HOST: SandboxHost = {
  asRoot: IS_ROOT,
  user: IS_ROOT ? NOBODY : { uid: process.getuid?.() ?? NOBODY.uid, gid: process.getgid?.() ?? NOBODY.gid },
  mountPoint: '/mnt',
  toolFolders: ['/etc/alternatives'],
};

/** As an ordinary user sees it, whoever runs the test. */
export const ORDINARY_HOST: SandboxHost = { ...HOST, asRoot: false, user: IS_ROOT ? NOBODY : HOST.user };

/** The words that make root run a program as nobody. */
export const AS_NOBODY: readonly string[] = IS_ROOT
  ? ['setpriv', `--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, '--clear-groups', '--']
  : [];

/** Why sandboxes cannot be tried here; false when they can. */
export function whyNoSandbox(host: SandboxHost): string | false {
  const words = host.asRoot
    ? ['unshare', '--mount', '--propagation', 'private', 'true']
    : [...AS_NOBODY, 'unshare', '--user', '--map-root-user', '--mount', 'true'];
  const [file = '', ...rest] = words;
  const tried = spawnSync(file, rest, { encoding: 'utf8', env: { PATH } });
  if (tried.status !== 0)
    return `no namespaces for ${host.asRoot ? 'root' : 'ordinary users'} here: ${tried.stderr}`;
  return spawnSync('bwrap', ['--version'], { env: { PATH } }).status === 0 ? false : 'bubblewrap is missing';
}

/** Folders of one sandbox, gone with the scope. */
export type Trial = AsyncDisposable & {
  readonly folder: HostPath;
  /** A sandbox of these folders that runs bash. */
  sandbox(script: string, changes?: Partial<Sandbox>): Sandbox;
  /** Adds a layer with the given files, below those that are there. */
  addLayer(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  /** Runs it, with our descriptors as its 3, 4, … */
  run(sandbox: Sandbox, host?: SandboxHost, extraFds?: readonly number[]): Promise<ProgramResult>;
};

/** The host's bash and the libraries it takes, as files of a layer: the smallest system that `chroot` can run. */
export async function bareSystem(): Promise<Record<string, Uint8Array>> {
  const libraries = spawnSync('ldd', ['/usr/bin/bash'], { encoding: 'utf8', env: { PATH } }).stdout;
  const paths = [
    '/usr/bin/bash',
    ...[...libraries.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? []),
  ];
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)),
  );
}

/** Opens a trial whose work folder and $OUT belong to the user that builds run as. */
export async function openTrial(): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  const [layersFolder, workFolder, outFolder] = [
    join(folder, 'layers'),
    join(folder, 'work'),
    join(folder, 'out'),
  ];
  for (const one of [layersFolder, workFolder, outFolder]) await mkdir(one);
  if (IS_ROOT)
    for (const one of [folder, layersFolder, workFolder, outFolder]) await chown(one, NOBODY.uid, NOBODY.gid);
  let layers = 0;
  return {
    folder,
    sandbox: (script, changes = {}) => ({
      kind: 'cross',
      layerCount: layers,
      layersFolder,
      workFolder,
      outFolder,
      readOnly: [],
      env: { PATH: '/usr/bin:/usr/sbin', LC_ALL: 'POSIX' },
      command: ['bash', '-euc', script],
      ...changes,
    }),
    addLayer: async (files) => {
      const tree = join(folder, `layer-${layers}`);
      await mkdir(tree);
      await fill(tree, files);
      await symlink(tree, join(layersFolder, String(layers)));
      layers += 1;
    },
    run: (sandbox, host = HOST, extraFds = []) =>
      runProgram({
        argv: [...(host.asRoot ? [] : AS_NOBODY), ...sandboxArgv(sandbox, host)],
        env: { PATH },
        extraFds,
        timeLimitMs: 20_000,
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function fill(folder: HostPath, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o755 });
  }
}
