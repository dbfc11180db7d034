import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { findEntry } from './check-artifact.ts';
import { chooseGarbage, type Garbage, sizeOf } from './choose-garbage.ts';
import { clearStaging } from './clear-leftovers.ts';
import { diskUsage, type Needed, takeInventory } from './inventory.ts';
import { moveAway } from './quarantine.ts';
import { removeTree } from './remove-tree.ts';
import { readUses } from './uses.ts';

/** What nobody used for this long goes also without a limit, unless a plan needs it. */
export const KEEP_MS = 14 * 24 * 60 * 60_000;

export type CollectOptions = {
  readonly needed: Needed;
  readonly maxBytes?: number | undefined;
  /** Only says what would go. */
  readonly dryRun: boolean;
  readonly nowMs: number;
  /** Told of each thing as it goes. */
  readonly onRemoved: (garbage: Garbage) => void;
  readonly signal?: AbortSignal;
};

/** What a collection came to. Sizes are space on the disk. */
export type Collected = {
  readonly removed: number;
  readonly freedBytes: number;
  /** What the store takes afterwards. */
  readonly storeBytes: number;
  /** Whether what plans or last finished builds need had to go for the limit. */
  readonly forced: number;
};

/**
 * Removes what no plan needs and nobody used for long, and more under a limit. Each thing goes by renaming, its records
 * before it: killed at any moment, the store is sound, and what is left of the thing lies in staging. Only for who
 * holds the store's lock.
 */
export async function collectGarbage(root: HostPath, options: CollectOptions): Promise<Collected> {
  const stagingBytes = await emptyStaging(root, options.dryRun);
  const storeBytes = diskUsage(root) - (options.dryRun ? stagingBytes : 0);
  const { nowMs, maxBytes, dryRun, onRemoved, signal } = options;
  const items = await takeInventory(root, options.needed, nowMs);
  const garbage = chooseGarbage(items, { nowMs, keepMs: KEEP_MS, maxBytes, storeBytes });
  const gone: Garbage[] = [];
  for (const item of garbage) {
    if (signal?.aborted === true) break;
    if (!dryRun) await remove(root, item);
    gone.push(item);
    onRemoved(item);
  }
  if (!dryRun) await forgetOldUses(root, nowMs);
  const freedBytes = sizeOf(gone);
  return {
    removed: gone.length,
    freedBytes: freedBytes + stagingBytes,
    storeBytes: dryRun ? storeBytes - freedBytes : diskUsage(root),
    forced: gone.filter(({ reason }) => reason === 'forced').length,
  };
}

/** Staging belongs to whoever holds the lock, and that is us: all of it is left over. */
async function emptyStaging(root: HostPath, dryRun: boolean): Promise<number> {
  const staging = join(root, 'staging');
  const sizes = (await readdir(staging)).map((name) => diskUsage(join(staging, name)));
  if (!dryRun) await clearStaging(root);
  return sizes.reduce((total, size) => total + size, 0);
}

/** One at a time, into a folder that is there already: also a full disk has room for that. */
async function remove(root: HostPath, { path, name, records }: Garbage): Promise<void> {
  for (const record of records) await rm(record, { force: true });
  if (findEntry(path) === undefined) return;
  const trash = join(root, 'staging', `trash-${name}`);
  await moveAway(path, trash);
  await removeTree(trash);
}

/** A use that protects nothing any more, because it is old: its keys are known by their own times. */
async function forgetOldUses(root: HostPath, nowMs: number): Promise<void> {
  for (const { path, usedAtMs, user } of readUses(root)) {
    if (nowMs - usedAtMs > KEEP_MS && findEntry(user.project) === undefined) await rm(path, { force: true });
  }
}
