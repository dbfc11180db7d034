/**
 * One action becomes one artifact: sysroot, sources, phases in the sandbox, $OUT packed. Not which action is next
 * (schedule). Invariants: a build writes nowhere but into its own folders; nothing of the host enters an artifact.
 */
export { enterArgv } from './enter-argv.ts';
export { executeAction } from './execute-action.ts';
export type { ExecutionOptions } from './execution-options.ts';
export { type BuildLimits, defaultLimits } from './limits.ts';
export { lookIntoSource, type SourceLook } from './look-into-source.ts';
export { noSpace } from './no-space.ts';
export { type PackRules, packTree } from './pack.ts';
export { type UnpackedAhead, unpackAhead } from './unpack-ahead.ts';
export { verdictOf } from './verdict.ts';
export { failedFolder } from './workplace.ts';
