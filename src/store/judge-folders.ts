import { realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import { findEntry, OTHERS_WRITE } from './check-artifact.ts';
import { STORE_FOLDERS } from './store-paths.ts';

/**
 * Whether the folders of a store are ours alone. Who may write to them decides what we build and ship, so a store
 * that others may write to is refused. Asked at every start, hence by a handful of calls.
 */
export function judgeFolders(root: HostPath): Result<void> {
  // The store itself may be a link: people put it on another disk.
  const top = judge(root, statSync(root));
  if (!top.ok) return top;
  for (const folder of STORE_FOLDERS) {
    const path = join(root, folder);
    const found = findEntry(path);
    const judged = found === undefined ? ok(undefined) : judge(path, found);
    if (!judged.ok) return judged;
  }
  return ok(undefined);
}

/** The folders that `judgeFolders` judges. */
export function guardedFolders(root: HostPath): readonly HostPath[] {
  return [realpathSync(root), ...STORE_FOLDERS.map((folder) => join(root, folder))];
}

function judge(path: HostPath, found: Stats): Result<void> {
  if (!found.isDirectory()) {
    return refuse(path, `${path} is no folder`, 'Put back the folder that was there, or start a new store');
  }
  const us = process.geteuid?.() ?? found.uid;
  if (found.uid !== us) {
    const whose = `${path} belongs to user ${found.uid}, and this is user ${us}`;
    return refuse(path, whose, 'Build as that user');
  }
  if ((found.mode & OTHERS_WRITE) !== 0) {
    const hint = `If nobody meddled with it: chmod go-w ${path}; then check what is in it: blazeneuro store verify`;
    return refuse(path, `Others may write to ${path}, and so to what is built from it`, hint);
  }
  return ok(undefined);
}

function refuse(path: HostPath, message: string, hint: string): Result<never> {
  const orElse = `${hint}. Or name another folder in BLAZENEURO_STORE`;
  return fail({ kind: 'refused', subject: path, message, hint: orElse });
}
