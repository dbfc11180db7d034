import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { unwrap } from '#base';
import { clearStaging } from './clear-leftovers.ts';
import { openStore } from './local-store.ts';

const root = await mkdtemp(join(tmpdir(), 'clear-leftovers-test-'));
after(() => rm(root, { recursive: true }));

/** The kernel gives no process a number this large (PID_MAX_LIMIT of linux/threads.h). */
const NOBODY = 2 ** 22 + 1;

it('what killed runs left half-written is removed; what is being written stays, and so does everything else', async () => {
  const store = unwrap(await openStore(root));
  const host = await store.stateFolder('host');
  await mkdir(join(root, 'uses'));
  for (const name of [`passed.json.${NOBODY}.1.new`, `tools.json.${NOBODY}.new`, 'tools.json']) {
    await writeFile(join(host, name), '');
  }
  await writeFile(join(host, `tools.json.${process.pid}.new`), '');
  for (const folder of [root, join(root, 'uses')])
    await writeFile(join(folder, `version.${NOBODY}.7.new`), '');
  await mkdir(join(root, 'staging/run-abc/out'), { recursive: true });

  await clearStaging(root);
  assert.deepEqual((await readdir(host)).sort(), ['tools.json', `tools.json.${process.pid}.new`]);
  assert.deepEqual((await readdir(root)).sort(), ['CACHEDIR.TAG', 'staging', 'state', 'uses', 'version']);
  assert.deepEqual([await readdir(join(root, 'uses')), await readdir(join(root, 'staging'))], [[], []]);
});
