import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfData, fail, formatBytes, ok, type Result } from '#base';
import { checkHost, freeBytesAt, hostTools, judgeFindings, NEEDED_BYTES } from '#host';
import type { Plan } from '#plan';
import { writeWhole } from '#store';
import { readEstimates } from './estimates.ts';
import { knownKeys } from './known-keys.ts';
import { readSessionCache, type Session } from './session.ts';

/**
 * The gate of stage 1: the host has what LFS asks for. Compiling test programs takes a second, so a host that passed
 * is asked again only when one of its tools is another. Only for who holds the store's lock.
 */
export async function checkBeforeBuild(session: Session): Promise<Result<void>> {
  const folder = await session.store.stateFolder('host');
  const tools = await hostTools({ cacheFile: join(folder, 'tools.json') });
  if (!tools.ok) return tools;
  const passedFile = join(folder, 'passed.json');
  const state = digestOfData({ tools: tools.value, uid: process.getuid?.() });
  const passed = await readSessionCache<{ state: string }>(session, passedFile);
  if (passed?.state === state) return ok(undefined);
  // What the check leaves when it is killed in the middle is cleared away with the rest of staging.
  const storeFolder = await session.store.stagingFolder();
  const judged = judgeFindings(await checkHost({ storeFolder, neededBytes: 0 }));
  await rm(storeFolder, { recursive: true });
  if (!judged.ok) return judged;
  await writeWhole(passedFile, JSON.stringify({ state }));
  return ok(undefined);
}

/** What any run may take: sources, logs, the workplace of a small build. */
const LEAST_BYTES = 1024 ** 3;

/** About what a first build of everything takes one after another. */
const WHOLE_BUILD_MS = 90 * 60_000;

/** The gate of space: a run that has something to build begins only where it has room to end. */
export async function checkRoom(session: Session, plan: Plan): Promise<Result<void>> {
  const states = await knownKeys(plan, session.store);
  const missing = [...plan.builds.keys()].filter((name) => states.get(name)?.record === undefined);
  if (missing.length === 0) return ok(undefined);
  const estimateMs = await readEstimates(plan, session.store);
  const neededBytes = bytesNeededFor(missing.reduce((total, name) => total + estimateMs(name), 0));
  const freeBytes = await freeBytesAt(session.storeRoot);
  if (freeBytes >= neededBytes) return ok(undefined);
  return fail({
    kind: 'no-space',
    subject: session.storeRoot,
    message: `Too little space: ${formatBytes(freeBytes)} free for the store ${session.storeRoot}, and what is left to build (${missing.length}) takes about ${formatBytes(neededBytes)}`,
    hint: 'Free some, or put the store elsewhere: BLAZENEURO_STORE=/path/on/another/disk',
  });
}

/** What takes long leaves much; the whole of it comes to what a first build of everything takes. */
export function bytesNeededFor(workMs: number): number {
  const share = Math.min(1, workMs / WHOLE_BUILD_MS);
  return Math.round(LEAST_BYTES + share * (NEEDED_BYTES - LEAST_BYTES));
}
