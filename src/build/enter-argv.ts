import { join } from 'node:path';
import type { HostPath } from '#base';
import type { PlannedBuild } from '#plan';
import { type SandboxHost, sandboxArgv } from '#sandbox';

/** The command line that enters the sandbox of a failed build, whose workplace is in `folder`. */
export function enterArgv(
  planned: PlannedBuild,
  folder: HostPath,
  layerCount: number,
  host: SandboxHost,
  jobs: number,
): string[] {
  const { action } = planned;
  return sandboxArgv(
    {
      kind: action.sandbox,
      layerCount,
      layersFolder: join(folder, 'layers'),
      workFolder: join(folder, 'work'),
      outFolder: join(folder, 'out'),
      readOnly: [],
      env: { ...action.env, TERM: 'xterm', MAKEFLAGS: `-j${jobs}`, JOBS: String(jobs) },
      command: ['bash', '-i'],
    },
    host,
  );
}
