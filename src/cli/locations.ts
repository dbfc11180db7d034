import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HostPath } from '#base';

/** The project's own folder: where config/ and recipes/ lie. */
export const PROJECT_ROOT: HostPath = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The folders of one kind of configuration, the project's own before the overlay's. */
export function configFolders(
  { root, overlay }: { readonly root: HostPath; readonly overlay: HostPath | undefined },
  name: string,
): HostPath[] {
  return [join(root, 'config', name), ...(overlay === undefined ? [] : [join(overlay, name)])];
}

/** BLAZENEURO_STORE, or the user's cache folder (XDG base directories). */
export function storeFolder(env: NodeJS.ProcessEnv): HostPath {
  const named = env['BLAZENEURO_STORE'];
  if (named !== undefined && named !== '') return resolve(named);
  const cache = env['XDG_CACHE_HOME'];
  // The specification: a relative path there is invalid and must be ignored.
  const base = cache?.startsWith('/') === true ? cache : join(homedir(), '.cache');
  return join(base, 'blazeneuro');
}

/** Where a profile's results lie: below the folder the command runs in, as `make` and `cargo` do it. */
export function outFolder(profile: string): HostPath {
  return resolve('out', profile);
}

/** Where logs lie. */
export function logsFolder(): HostPath {
  return resolve('logs');
}

/** The program's version, as package.json has it. */
export function programVersion(): string {
  const text = readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
