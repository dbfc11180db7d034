import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteReader, Patch } from './byte-reader.ts';
import type { WalkedEntry } from './file-system-entry.ts';

/** A folder for one test, removed at its end. */
export function testFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'file-system-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** A file as a reader, closed at the end of its scope. */
export function fileReader(path: string): ByteReader & Disposable {
  const file = openSync(path, 'r');
  return {
    sizeBytes: fstatSync(file).size,
    async read(offset, length) {
      const bytes = Buffer.alloc(length);
      if (readSync(file, bytes, 0, length, offset) !== length) throw new RangeError(`${length} at ${offset}`);
      return bytes;
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

/** Writes patches into a file. */
export function applyPatches(path: string, patches: readonly Patch[]): void {
  const file = openSync(path, 'r+');
  for (const { offsetBytes, bytes } of patches) writeSync(file, bytes, 0, bytes.length, offsetBytes);
  closeSync(file);
}

/** Runs shell text with the host's own programs; gives what it printed. */
export function run(command: string, environment: Readonly<Record<string, string>> = {}): string {
  const done = spawnSync('bash', ['--norc', '-c', `set -eu -o pipefail\n${command}`], {
    encoding: 'utf8',
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      MTOOLSRC: '/dev/null',
      ...environment,
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status !== 0) throw new Error(`${command}: ${done.status} ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Whether programs are on this machine. */
export function hasPrograms(...names: readonly string[]): boolean {
  return (
    spawnSync('bash', ['-c', `command -v ${names.join(' ')}`])
      .stdout.toString()
      .split('\n').length > names.length
  );
}

/** All that walking meets. */
export async function walked(entries: AsyncIterable<WalkedEntry>): Promise<readonly WalkedEntry[]> {
  const all: WalkedEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

/** What chunks are together. */
export async function joined(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
