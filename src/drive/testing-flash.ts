import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath } from '#base';
import { alignedBuffer } from './aligned-buffer.ts';
import { openDrive } from './open-drive.ts';
import { permitDrive } from './permit-drive.ts';
import { type LoopBench, openLoopBench, runTool } from './testing-loops.ts';
import { THIS_MACHINE } from './world.ts';

export const STICK_BYTES = 16 * 1024 * 1024;
export const IMAGE_BYTES = 1024 * 1024;

/** A stick with its loop device, an image, and a disk beside them that must stay as it is. */
export type Table = LoopBench & {
  readonly image: HostPath;
  readonly stick: HostPath;
  readonly device: HostPath;
};

export function openTable(): Table {
  const bench = openLoopBench();
  const image = bench.file('image', IMAGE_BYTES);
  const stick = bench.file('stick', STICK_BYTES);
  const bystander = bench.file('bystander', STICK_BYTES);
  runTool('mke2fs', '-q', '-t', 'ext4', '-L', 'keep', bystander);
  bench.attach(bystander);
  return Object.assign(bench, { image, stick, device: bench.attach(stick) });
}

/** What a flash may be told. */
export type Attempt = {
  readonly path: HostPath;
  readonly typedSerial?: string | undefined;
  readonly imageBytes?: number;
  /** What happens between confirmation and opening. */
  readonly between?: () => void;
};

/** Does what a flash does as far as it is let, and gives the reasons when it is not; none when it has written. */
export async function tryToFlash({ image }: Table, attempt: Attempt): Promise<readonly string[]> {
  const { path, typedSerial, imageBytes = IMAGE_BYTES } = attempt;
  const permitted = await permitDrive({ path, imagePath: image, imageBytes, typedSerial }, THIS_MACHINE);
  if (!permitted.ok) {
    assert.equal(permitted.problem.kind, 'refused');
    return (permitted.problem.details ?? []).map((detail) => detail.split(':')[0] ?? '');
  }
  attempt.between?.();
  const opened = await openDrive(permitted.value, THIS_MACHINE);
  if (!opened.ok) {
    assert.equal(opened.problem.kind, 'refused');
    return [opened.problem.details?.[0] ?? opened.problem.message];
  }
  await using drive = opened.value;
  await drive.write(alignedBuffer(IMAGE_BYTES).fill(0x55), 0);
  await drive.flush();
  return [];
}

/** Puts bytes into a file, as something that was there before. */
export function put(
  file: HostPath,
  contents: readonly { readonly at: number; readonly bytes: Uint8Array }[],
): void {
  const opened = openSync(file, 'r+');
  for (const { at, bytes } of contents) writeSync(opened, bytes, 0, bytes.length, at);
  closeSync(opened);
}

/** Which of the files of a table have changed. */
export function changedFiles(table: Table, before: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(table.digests())
    .filter(([file, digest]) => before[file] !== digest)
    .map(([file]) => file.slice(join(table.folder, '/').length));
}
