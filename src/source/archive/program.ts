/**
 * Runs in the sandbox that unpacks: `node program.ts ARCHIVE LIMITS`. A tar archive comes in, and goes on to GNU tar
 * unless it is refused; ARCHIVE is its name for people, LIMITS are as JSON. It stands by itself: the sandbox has a
 * copy of this folder, and nothing else of the program.
 */
import { readSync, writeSync } from 'node:fs';
import { type ArchiveLimits, judgeArchive } from './judge-archive.ts';
import { describeRefusal } from './refusal.ts';

const [archive = '', limits = '{}'] = process.argv.slice(2);
const output = Buffer.allocUnsafe(1 << 16);
let filledBytes = 0;

try {
  const refusal = judgeArchive((into) => readSync(0, into), write, JSON.parse(limits) as ArchiveLimits);
  flush();
  if (refusal !== undefined) {
    writeSync(2, `${describeRefusal(archive, refusal)}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  // tar has ended, and says why itself.
  if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  process.exitCode = 1;
}

/** Headers and small files by the pipeful: a call for each would take longer than all the rest. */
function write(bytes: Buffer): void {
  if (filledBytes + bytes.length > output.length) flush();
  if (bytes.length > output.length) writeAll(bytes);
  else filledBytes += bytes.copy(output, filledBytes);
}

function flush(): void {
  writeAll(output.subarray(0, filledBytes));
  filledBytes = 0;
}

function writeAll(bytes: Buffer): void {
  for (let start = 0; start < bytes.length; ) start += writeSync(1, bytes, start);
}
