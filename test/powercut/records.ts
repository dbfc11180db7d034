import { createHash } from 'node:crypto';
import { ATOMIC_BYTES } from './crash-state.ts';

/** What job.sh writes, byte for byte: each pattern of writing in a folder of its name. */
export const PATTERNS = ['append', 'replace', 'slots', 'many', 'big'] as const;
export type Pattern = (typeof PATTERNS)[number];

/** Places of the file that is overwritten in place, and their size. */
export const SLOT_COUNT = 64;
export const SLOT_BYTES = 4096;
/** Small files of one record, and how many records later they are removed. */
export const MANY_FILES = 5;
export const MANY_KEPT = 10;
/** Big files, and their size. */
export const BIG_COUNT = 3;
export const BIG_BYTES = 1024 * 1024;

/** The sum of a record, which nobody could guess who has not read its number. */
export function digestOf(seed: number, number: number): string {
  return createHash('sha256').update(`${seed} ${number}\n`).digest('hex');
}

/** A line at the end of a file that grows. */
export function appendLine(seed: number, number: number): string {
  return `append ${number} ${digestOf(seed, number).repeat(4)}\n`;
}

/** A file that is written beside the old one and takes its place; its length changes from record to record. */
export function replaceContent(seed: number, number: number): string {
  return `replace ${number} ${digestOf(seed, number)}\n`.repeat(1 + ((number * 37) % 60));
}

/** One sector of a slot. */
export function slotSector(seed: number, number: number, sector: number): Buffer {
  const line = `slots ${number} ${sector} ${digestOf(seed, number)}`;
  return Buffer.from(`${line.padEnd(ATOMIC_BYTES - 1)}\n`);
}

export function manyContent(seed: number, number: number, file: number): string {
  return `many ${number} ${file} ${digestOf(seed, number)}\n`;
}

export function bigContent(seed: number, number: number): Buffer {
  return Buffer.alloc(BIG_BYTES, `big ${number} ${digestOf(seed, number)}\n`);
}
