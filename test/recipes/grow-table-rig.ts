import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOfBytes } from '#base';
import { encodeLayout, type Layout, layOut, partitionOf, SECTOR_BYTES } from '#disk';
import { temporaryFolder } from '../shell/shell.ts';
import { type Recording, recordWrites } from './recorded-writes.ts';

const SOURCE = join(import.meta.dirname, '../../recipes/grow-table/files/grow-table.c');
const MiB = 1024 * 1024;
const seed: Digest = digestOfBytes('grow-table');

/** A small image as the tests write it onto drives. */
export const image = layOut({ espSizeBytes: MiB, rootSizeBytes: MiB, seed });
export const root = partitionOf(image, 'root');

/** A reason to skip the tests: they compile the program with the machine's own compiler. */
export const skip = spawnSync('cc', ['--version']).status === 0 ? false : 'there is no cc';

/** An image on a drive with this much room behind it, which holds `fill`. */
export function driveWith(roomSectors: number, fill = 0, layout: Layout = image): Buffer {
  const drive = Buffer.alloc((layout.sizeSectors + roomSectors) * SECTOR_BYTES, fill);
  drive.fill(0, 0, layout.sizeSectors * SECTOR_BYTES);
  for (const { startSector, bytes } of encodeLayout(layout)) drive.set(bytes, startSector * SECTOR_BYTES);
  return drive;
}

const folder = temporaryFolder();
const program = join(folder, 'grow-table');

/** The file that the last run worked on. */
export const drivePath = join(folder, 'drive.img');

/** To be called before the first run. */
export function compileGrowTable(): void {
  const flags = ['-std=gnu17', '-Wall', '-Wextra', '-Wconversion', '-Werror', '-O2'];
  const { status, stderr } = spawnSync('cc', [...flags, '-o', program, SOURCE], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

/** Runs the program on the bytes of a drive. */
export function grow(drive: Buffer, number = root.number) {
  writeFileSync(drivePath, drive);
  const { status, stdout, stderr } = spawnSync(program, [drivePath, `${number}`], { encoding: 'utf8' });
  return { status, stdout, stderr, after: readFileSync(drivePath) };
}

/** Runs it, and keeps what it wrote. */
export function record(drive: Buffer): Recording & { readonly after: Buffer } {
  writeFileSync(drivePath, drive);
  const recording = recordWrites([program, drivePath, `${root.number}`], join(folder, 'strace'));
  return { ...recording, after: readFileSync(drivePath) };
}
