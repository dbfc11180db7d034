import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';

/** The one list of host packages; the launcher reads it too. */
const LIST: HostPath = join(import.meta.dirname, '../../config/host-packages.list');

/** Who needs a host package: every build, `boot`, or the tests. */
export type PackageGroup = 'build' | 'boot' | 'test';

/** A line of the list of host packages. */
export type HostPackage = {
  /** As Debian and Ubuntu call it. */
  readonly name: string;
  /** A program, or an absolute path, that shows that the package is there. */
  readonly probe: string;
  readonly groups: readonly string[];
};

/** The host packages that the project knows of. */
export async function readHostPackages(): Promise<readonly HostPackage[]> {
  return parseHostPackages(await readFile(LIST, 'utf8'));
}

/** Reads the list: one package a line, `#` begins a comment line. */
export function parseHostPackages(text: string): readonly HostPackage[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', probe = '', groups = ''] = line.split(/\s+/);
      return { name, probe, groups: groups.split(',') };
    });
}

/** Programs that come with a package which the list knows by another of its programs. */
const COMPANIONS: Readonly<Record<string, string>> = {
  awk: 'gawk',
  yacc: 'bison',
  unshare: 'flock',
  setpriv: 'flock',
};

/** The package that has a program: undefined when the list does not know. */
export function packageOf(program: string, packages: readonly HostPackage[]): string | undefined {
  const known = COMPANIONS[program] ?? program;
  return packages.find(({ probe }) => probe === known || probe === `/usr/bin/${known}`)?.name;
}

/** The command that installs packages, as a person would type it. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get install --no-install-recommends ${[...new Set(packages)].sort().join(' ')}`;
}
