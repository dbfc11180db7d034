import { join } from 'node:path';
import type { HostPath } from '#base';
import type { PlannedBuild } from '#plan';
import { type SandboxHost, sandboxArgv } from '#sandbox';
import { testsEnvironment } from './tests-environment.ts';

/** How a failed build is entered. */
export type EnterOptions = {
  readonly host: SandboxHost;
  readonly jobs: number;
  /** Whether it was built, and its own tests failed: then as they ran. */
  readonly testsFailed: boolean;
};

/** The command line that enters the sandbox of a failed build, whose workplace is in `folder`. */
export function enterArgv(
  { action }: PlannedBuild,
  { folder, layerCount }: { readonly folder: HostPath; readonly layerCount: number },
  { host, jobs, testsFailed }: EnterOptions,
): string[] {
  return sandboxArgv(
    {
      kind: action.sandbox,
      layerCount,
      layersFolder: join(folder, 'layers'),
      workFolder: join(folder, 'work'),
      outFolder: join(folder, 'out'),
      readOnly: [],
      asOrdinaryUser: testsFailed,
      env: {
        ...(testsFailed ? testsEnvironment(action.env) : action.env),
        TERM: 'xterm',
        MAKEFLAGS: `-j${jobs}`,
        JOBS: String(jobs),
      },
      command: ['bash', '-i'],
    },
    host,
  );
}
