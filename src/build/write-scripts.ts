import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import type { PlannedBuild } from '#plan';
import type { BuildLimits } from './limits.ts';
import { phaseGroups, phasesOf, phasesScript } from './phases-script.ts';
import { placeJudge, unpackText } from './unpack-part.ts';

/** Writes the scripts that the sandboxes run: unpacking by the host's tools, and the phases. */
export async function writeScripts(
  planned: PlannedBuild,
  work: HostPath,
  options: { readonly withCheck: boolean; readonly limits: BuildLimits },
): Promise<void> {
  const { action } = planned;
  if (action.sources.length > 0) await placeJudge(work);
  const unpack = [{ name: 'unpack', script: unpackText(action, options.limits) }];
  await writeFile(join(work, 'unpack.sh'), phasesScript(unpack));
  for (const { script, phases } of phaseGroups(phasesOf(planned, options.withCheck))) {
    await writeFile(join(work, script), phasesScript(phases, action.sandbox));
  }
}
