/**
 * One action becomes one artifact: sysroot, sources, phases in the sandbox, $OUT packed. Not which action is next
 * (schedule). Invariants: a build writes nowhere but into its own folders; nothing of the host enters an artifact.
 */
export { giveToBuildUser } from './build-user.ts';
export { type ExecutionOptions, enterArgv, executeAction, failedFolder } from './execute-action.ts';
export { type PackRules, packTree } from './pack.ts';
export { phasesScript, readPhaseLine, readTimesLine } from './phases-script.ts';
