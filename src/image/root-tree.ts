import { posix } from 'node:path';
import { fail, type HostPath, ok, type Result, type TargetPath } from '#base';
import type { Entry } from '#manifest';
import type { BuiltArtifact, OwnedEntry } from './built-artifact.ts';
import { matcherOf } from './globs.ts';

type Claim = OwnedEntry & { readonly replaces: readonly string[] };
type Directory = Extract<Entry, { type: 'directory' }>;

/** How many conflicts one message names; a wrong pair of packages can have thousands. */
const CONFLICTS_SHOWN = 10;

/**
 * Chooses what the root file system holds: all entries of the artifacts but the excluded, one per path, sorted, each
 * below a directory. Two builds that give one path are a problem, unless one says that it replaces the other.
 */
export function chooseEntries(
  artifacts: readonly BuiltArtifact[],
  exclude: readonly string[],
  hostPathOf: (artifact: BuiltArtifact, path: TargetPath) => HostPath,
): Result<readonly OwnedEntry[]> {
  const isExcluded = matcherOf(exclude);
  const claims = new Map<TargetPath, Claim[]>();
  for (const artifact of artifacts) {
    for (const entry of artifact.manifest.entries) {
      // The root directory is the file system's own.
      if (entry.path === '/' || isExcluded(entry.path)) continue;
      const claim = {
        entry,
        build: artifact.build,
        hostPath: hostPathOf(artifact, entry.path),
        replaces: artifact.replaces,
      };
      const others = claims.get(entry.path);
      if (others === undefined) claims.set(entry.path, [claim]);
      else others.push(claim);
    }
  }
  return settleClaims(claims);
}

function settleClaims(claims: ReadonlyMap<TargetPath, readonly Claim[]>): Result<readonly OwnedEntry[]> {
  const chosen = new Map<TargetPath, OwnedEntry>();
  const conflicts: string[] = [];
  for (const [path, claimants] of claims) {
    const winner = settle(claimants);
    if (winner === undefined) {
      conflicts.push(`${path}: ${claimants.map((claim) => claim.build).join(', ')}`);
    } else {
      chosen.set(path, { entry: winner.entry, build: winner.build, hostPath: winner.hostPath });
    }
  }
  for (const { entry, build } of [...chosen.values()]) {
    const blocker = addParents(chosen, entry.path, build);
    if (blocker !== undefined) {
      conflicts.push(`${entry.path}: ${build}, under ${blocker.entry.path} of ${blocker.build}`);
    }
  }
  const [first] = conflicts.sort();
  if (first !== undefined) return fail(conflictProblem(first, conflicts));
  return ok([...chosen.values()].sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1)));
}

/** The claim that stands for a path, or undefined when the builds contradict each other. */
function settle(claimants: readonly Claim[]): Claim | undefined {
  const [first, ...rest] = claimants;
  if (first === undefined || rest.length === 0) return first;
  const replacing = claimants.filter((claim) =>
    claimants.every((other) => other === claim || claim.replaces.includes(other.build)),
  );
  if (replacing.length === 1) return replacing[0];
  if (claimants.every((claim) => claim.entry.type === 'directory')) return settleDirectory(claimants);
  return undefined;
}

/** Directories are shared. One that says something special (`/tmp` is 1777) wins over plain ones; two must agree. */
function settleDirectory(claimants: readonly Claim[]): Claim | undefined {
  const wordOf = ({ entry }: Claim) => {
    const { mode, uid, gid } = entry as Directory;
    return `${mode} ${uid}:${gid}`;
  };
  const special = claimants.filter((claim) => wordOf(claim) !== '0755 0:0');
  const [winner] = special.length > 0 ? special : claimants;
  if (winner === undefined) return undefined;
  return special.every((claim) => wordOf(claim) === wordOf(winner)) ? winner : undefined;
}

/** Adds directories that no manifest names above a path; gives back what stands in the way of one. */
function addParents(
  chosen: Map<TargetPath, OwnedEntry>,
  path: TargetPath,
  build: string,
): OwnedEntry | undefined {
  for (let parent = posix.dirname(path); parent !== '/'; parent = posix.dirname(parent)) {
    const found = chosen.get(parent);
    if (found !== undefined && found.entry.type !== 'directory') return found;
    if (found === undefined) {
      chosen.set(parent, { entry: plainDirectory(parent), build, hostPath: '' });
    }
  }
  return undefined;
}

/** A directory of root's that all may read. */
export function plainDirectory(path: TargetPath): Entry {
  return { type: 'directory', path, mode: '0755', uid: 0, gid: 0 };
}

function conflictProblem(first: string, conflicts: readonly string[]) {
  const more = conflicts.length - CONFLICTS_SHOWN;
  return {
    kind: 'path-conflict' as const,
    subject: first.slice(0, first.indexOf(': ')),
    message: `Two builds give the same path: ${first}.`,
    hint: "If one is meant to take the other's place, say so in its recipe (replaces: ['stage/name']); else keep the path out of one of them, or of the image by the profile's exclude.",
    details: [...conflicts.slice(0, CONFLICTS_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])],
  };
}
