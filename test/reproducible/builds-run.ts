import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { formatDuration, type HostPath, unwrap } from '#base';
import { makePlan, type Session } from '#cli';
import { runProgram } from '#process';
import type { BuildAnswer } from './build-again.ts';
import type { Counts } from './image-run.ts';
import { whatFailed } from './seen.ts';
import { surrounded } from './surround.ts';
import { BUILD_SURROUNDINGS, type Surroundings } from './variation.ts';

/** Builds each of the named builds again (all when none is named), as many at once as there are cores, one on each. */
export async function repeatBuilds(session: Session, wanted: readonly string[]): Promise<Counts> {
  const plan = unwrap(await makePlan(session, ['image']));
  const queue = wanted.length > 0 ? [...wanted] : [...plan.builds.keys()];
  const keepFolder = resolve('out', 'not-reproducible');
  await rm(keepFolder, { recursive: true, force: true });
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const work = async (core: number): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const startedAtMs = performance.now();
      const answer = await buildOnCore(session, name, { core, keepFolder });
      counts[tell(name, answer, performance.now() - startedAtMs)] += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, (_, core) => work(core)));
  return counts;
}

async function buildOnCore(
  { storeRoot }: Session,
  name: string,
  { core, keepFolder }: { readonly core: number; readonly keepFolder: HostPath },
): Promise<BuildAnswer> {
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'blazeneuro again '));
  try {
    const { PATH = '', PROFILE, CONFIG } = process.env;
    const own = { PATH, ...(PROFILE && { PROFILE }), ...(CONFIG && { CONFIG }) };
    const surroundings = possible({ ...BUILD_SURROUNDINGS, oneCore: core });
    const argv = [process.execPath, join(import.meta.dirname, 'build-again.ts'), name, folder, keepFolder];
    const start = surrounded({ argv, env: { ...own, BLAZENEURO_STORE: storeRoot } }, surroundings, []);
    const result = await runProgram({ ...start, dieWithUs: true });
    if (!result.succeeded) throw new Error(`${result.commandLine}\n${result.stderr}`);
    const answer = JSON.parse(result.stdout) as BuildAnswer;
    const failed = whatFailed(surroundings, answer.seen, Date.now() / 1000);
    if (failed.length > 0) throw new Error(`These surroundings did not come about: ${failed.join(', ')}`);
    return answer;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only root can give the machine another name. */
function possible({ hostName, ...surroundings }: Surroundings): Surroundings {
  return process.getuid?.() === 0 && hostName !== undefined ? { ...surroundings, hostName } : surroundings;
}

function tell(name: string, { outcome, message, difference }: BuildAnswer, durationMs: number): keyof Counts {
  const took = formatDuration(Math.round(durationMs));
  switch (outcome) {
    case 'same':
      console.log(`same ${name} (${took})`);
      return 'passed';
    case 'skipped':
      console.log(`skipped ${name}: ${message}`);
      return 'skipped';
    case 'failed':
      console.log(`FAILED ${name}: ${message}`);
      return 'failed';
    case 'differs':
      console.log(`DIFFERS ${name}: ${difference?.paths.length} paths (kept in ${difference?.kept})`);
      for (const path of difference?.paths.slice(0, 10) ?? []) console.log(`    ${path}`);
      return 'failed';
  }
}
