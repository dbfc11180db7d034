import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listenTo } from './recorder.ts';

test('an acknowledgement is noted with the length that the log has when the line is whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-line-'));
  try {
    const log = join(folder, 'log');
    await writeFile(log, Buffer.alloc(512));
    const line = listenTo(log);
    line.take(Buffer.from('append 1\r\nslo'));
    await appendFile(log, Buffer.alloc(1024));
    line.take(Buffer.from('ts 7\nbig 2\n'));
    line.take(Buffer.from('big'));
    assert.deepEqual(line.acknowledgements, [
      { pattern: 'append', number: 1, logBytes: 512 },
      { pattern: 'slots', number: 7, logBytes: 1536 },
      { pattern: 'big', number: 2, logBytes: 1536 },
    ]);
    assert.throws(() => line.take(Buffer.from('\nfailed append\n')), /The job said: big/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
