import { join } from 'node:path';
import { digestOfData, ok, type Result } from '#base';
import { checkHost, hostTools, judgeFindings } from '#host';
import { readJson, writeWhole } from '#store';
import type { Session } from './session.ts';

/**
 * The gate of stage 1: the host has what LFS asks for. Compiling test programs takes a second, so a host that passed
 * is asked again only when one of its tools is another.
 */
export async function checkBeforeBuild(session: Session): Promise<Result<void>> {
  const folder = await session.store.stateFolder('host');
  const tools = await hostTools({ cacheFile: join(folder, 'tools.json') });
  if (!tools.ok) return tools;
  const passedFile = join(folder, 'passed.json');
  const state = digestOfData({ tools: tools.value, uid: process.getuid?.() });
  if ((await readJson<{ state: string }>(passedFile))?.state === state) return ok(undefined);
  const judged = judgeFindings(await checkHost({ storeFolder: session.storeRoot }));
  if (!judged.ok) return judged;
  await writeWhole(passedFile, JSON.stringify({ state }));
  return ok(undefined);
}
