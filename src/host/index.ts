/**
 * The machine that builds: what it must have, what it has, the versions of its tools, and the user that builds run
 * as. Not what a build does with any of it (sandbox, build). Invariant: looking changes nothing; only `buildUser`
 * makes something, the `lfs` user, and only as root.
 */
export { type BuildUser, buildUser } from './build-user.ts';
export { type CheckOptions, checkHost, judgeFindings } from './check-host.ts';
export { freeBytesAt, NEEDED_BYTES } from './check-space.ts';
export type { Finding } from './finding.ts';
export { type HostTools, hostTools, toolPlaces } from './host-tools.ts';
export { type HostPackage, installCommand, type PackageGroup, readHostPackages } from './packages.ts';
