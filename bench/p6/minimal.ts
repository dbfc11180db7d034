import { join } from 'node:path';
import { unwrap } from '#base';
import { type Flags, imageParts, knownKeys, makePlan, openSession, readParts } from '#cli';
import { builtProfileFlags } from '../../test/built-profile.ts';
import type { BenchContext } from '../row.ts';
import type { Assembly } from './assembly.ts';

const FLAGS: Flags = { ...builtProfileFlags(), profile: 'minimal', config: undefined, quiet: true };

/** What the real image is made from, out of the person's own store, which is only read; undefined when it lacks some. */
export async function minimalAssembly({
  options,
  say,
  signal,
}: BenchContext): Promise<Pick<Assembly, 'input' | 'toolLayers' | 'artifactsFolder'> | undefined> {
  process.env['BLAZENEURO_STORE'] = options.from;
  const session = unwrap(await openSession(FLAGS, () => {}, signal));
  const plan = unwrap(await makePlan(session, ['image']));
  const states = await knownKeys(plan, session.store);
  const records = new Map([...states].flatMap(([name, { record }]) => (record ? [[name, record]] : [])));
  if (records.size < plan.builds.size) {
    say('The store lacks builds of minimal, which is left out. Build it, or name another: --from');
    return undefined;
  }
  const parts = imageParts(session, plan, records);
  return {
    input: unwrap(await readParts(session, parts)),
    toolLayers: parts.toolLayers,
    artifactsFolder: join(session.storeRoot, 'artifacts'),
  };
}
