import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '#base';
import { problemOf, runProgram } from '#process';

const CHECKOUT = join(import.meta.dirname, '..');

/** Which Debian package has a peer's program. */
const PACKAGES: Readonly<Record<string, string>> = {
  make: 'make',
  ninja: 'ninja-build',
  'nix-build': 'nix-bin',
  ccache: 'ccache',
  mmdebstrap: 'mmdebstrap',
  sgdisk: 'gdisk',
  genimage: 'genimage',
  bmaptool: 'bmap-tools',
};

/** A whole system is installed in minutes; on a busy machine they are many. */
const PREPARATION_LIMIT_MS = 3_600_000;

/** Runs a program of the preparations to its end. Throws the problem when it fails. */
export async function mustRun(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const result = await runProgram({ argv, cwd, env, timeLimitMs: PREPARATION_LIMIT_MS });
  if (result.succeeded) return result.stdout;
  throw new ProblemError(problemOf(result, { kind: 'host-lacks', subject: argv[0] ?? '' }));
}

/** Whether a peer is here; what is missing is told with the command that installs it. */
export async function isHere(program: string, say: (text: string) => void): Promise<boolean> {
  const result = await runProgram({
    argv: ['which', program],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  if (!result.succeeded) {
    say(`${program} is not here and is left out: apt-get install ${PACKAGES[program] ?? program}`);
  }
  return result.succeeded;
}

/** The path with the pinned Node in front, for what npm installs. */
export function pathWithNode(): string {
  return `${join(CHECKOUT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
}

/** Installs exact versions from the npm registry into a folder, never as dependencies of the project. */
export async function installFromNpm(
  folder: string,
  packages: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
  const argv = ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'];
  // How the registry is reached is the person's own matter: proxies and certificates are in the environment.
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  await mustRun(argv, folder, { ...Object.fromEntries(own), PATH: pathWithNode() });
}

/** The environment of a nix of its own, in a folder: no daemon, no sandbox, nothing outside of the folder. */
export async function makeNixEnv(folder: string): Promise<Readonly<Record<string, string>>> {
  const conf = join(folder, 'conf');
  await mkdir(conf, { recursive: true });
  const settings = ['sandbox = false', 'build-users-group =', 'substituters =', 'require-sigs = false'];
  await writeFile(join(conf, 'nix.conf'), `${settings.join('\n')}\n`);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    NIX_CONF_DIR: conf,
    NIX_STORE_DIR: join(folder, 'store'),
    NIX_STATE_DIR: join(folder, 'state'),
    NIX_LOG_DIR: join(folder, 'log'),
    NIX_DATA_DIR: join(folder, 'data'),
  };
}
