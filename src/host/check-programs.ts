import { ask, firstLine } from './ask.ts';
import { findProgram, PROGRAM_FOLDERS } from './find-program.ts';
import type { Finding } from './finding.ts';
import { type HostPackage, installCommand, packageOf } from './packages.ts';
import { REQUIREMENTS, type Requirement } from './requirements.ts';
import { compareVersions, findVersion } from './version.ts';

/** Every program of LFS's host requirements: found, too old, missing, or another one of that name. */
export async function checkPrograms(packages: readonly HostPackage[]): Promise<readonly Finding[]> {
  return Promise.all(
    REQUIREMENTS.map(async (requirement) => {
      const { program } = requirement;
      const isThere = (await findProgram(program)) !== undefined;
      // By its bare name, as in a build: GNU sed prints the path that it was called by.
      const line = isThere
        ? firstLine(await ask([program, ...(requirement.ask ?? ['--version'])]))
        : undefined;
      return judgeProgram(requirement, line, packages);
    }),
  );
}

/** Judges a program by the line that it printed about itself; undefined when there is no such program. */
export function judgeProgram(
  requirement: Requirement,
  line: string | undefined,
  packages: readonly HostPackage[],
): Finding {
  const { program, minimum, mustSay } = requirement;
  const want = wantOf(requirement);
  const owner = packageOf(program, packages);
  const mend = owner === undefined ? {} : { package: owner, hint: installCommand([owner]) };
  if (line === undefined) {
    return { name: program, want: `${want}, in ${PROGRAM_FOLDERS.join(' or ')}`, ok: false, ...mend };
  }
  const version = findVersion(line);
  if (mustSay !== undefined && !mustSay.test(line)) {
    return { name: program, have: line, want, ok: false, ...mend };
  }
  if (minimum === undefined) return { name: program, have: version ?? line, want, ok: true };
  if (version === undefined) return { name: program, have: line, want, ok: false, ...mend };
  if (compareVersions(version, minimum) < 0)
    return { name: program, have: version, want, ok: false, ...mend };
  return { name: program, have: version, want, ok: true };
}

function wantOf({ minimum, mustSay }: Requirement): string {
  const kind = mustSay === undefined ? [] : [mustSay.source];
  const version = minimum === undefined ? [] : [`${minimum} or newer`];
  const words = [...kind, ...version];
  return words.length === 0 ? 'any version' : words.join(' ');
}
