import { join } from 'node:path';
import { wholeStore } from '../copy-store.ts';
import { programEnv } from '../program.ts';
import type { BenchContext } from '../row.ts';
import type { Timed } from '../time-program.ts';

/** The real profile, from a copy of the person's own store: its image is there, and nothing is to be done. */
export async function minimalNoOp(folder: string, context: BenchContext): Promise<Timed | undefined> {
  const { folder: checkout } = await context.snapshot();
  const store = await wholeStore(folder, context);
  if (store === undefined) return undefined;
  return { argv: [join(checkout, 'blazeneuro'), 'build'], cwd: join(folder, 'cwd'), env: programEnv(store) };
}
