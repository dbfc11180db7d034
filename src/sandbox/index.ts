/**
 * A sandbox as data, and the command line that runs it. Not what runs in it (build, image).
 * Invariants: no network; nothing of the host is writable but the work folder and $OUT; nothing is ever mounted in
 * the host's own mount namespace; no build is real root.
 */
export { sandboxArgv } from './argv.ts';
export { type MemoryGroup, openMemoryGroup } from './memory-group.ts';
export { mountPointFor, type Sandbox, type SandboxHost, type SandboxLimits } from './sandbox.ts';
