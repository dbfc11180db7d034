/**
 * What every other folder may use: results and problems, digests, canonical JSON, sizes, kinds of paths.
 * Not a place for anything that knows what a build is. Invariant: no I/O, no clock, no environment.
 */
export { formatBytes, formatDuration } from './bytes.ts';
export { canonicalJson } from './canonical-json.ts';
export { type Digest, digestOfBytes, digestOfData, parseDigest, startDigest } from './digest.ts';
export { isErrno, isNoSpace } from './errno.ts';
export type { HostPath, SandboxPath, TargetPath } from './paths.ts';
export { plainText } from './plain-text.ts';
export { exitCodeOf, type Problem, type ProblemKind } from './problem.ts';
export { fail, ok, ProblemError, type Result, unwrap } from './result.ts';
