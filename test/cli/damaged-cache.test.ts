/** What the store keeps only to save time may be damaged without harm. */
import assert from 'node:assert/strict';
import { readdir, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { lastEvent, openRig, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

describe('a cache that was cut off', () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'toy', { build: 'mkdir -p $OUT/boot; echo kernel > $OUT/boot/vmlinuz' });
    const run = await build();
    assert.equal(run.exitCode, 0, run.stderr);
  });
  after(() => rig[Symbol.asyncDispose]());

  const build = (...words: string[]): Promise<Run> => rig.run(...toyWords(rig), 'build', '--json', ...words);
  const state = (...path: string[]) => join(rig.store, 'state', ...path);
  const warnings = ({ events }: Run) =>
    events.flatMap((event) => (event.type === 'note' && event.level === 'warning' ? [event.message] : []));

  test('of what the image was made from: it is made again, the same', async () => {
    const [name = ''] = await readdir(state('images'));
    const before = await readFile(state('images', name), 'utf8');
    await truncate(state('images', name), 20);
    const again = await build();
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal(lastEvent(again, 'image-finished').outcome, 'built');
    assert.deepEqual(warnings(again), [
      `${state('images', name)} is damaged. It counts as not there, and is written anew`,
    ]);
    const { digest } = JSON.parse(before) as { readonly digest: string };
    assert.equal(lastEvent(again, 'image-finished').digest, digest);
    const third = await build();
    assert.equal(lastEvent(third, 'image-finished').outcome, 'reused');
    assert.deepEqual(warnings(third), []);
  });

  test('of the checked host: it is checked again', async () => {
    await truncate(state('host/passed.json'), 5);
    await truncate(state('host/tools.json'), 5);
    const again = await build('--rebuild', 'system/toy');
    assert.equal(again.exitCode, 0, again.stderr);
    assert.deepEqual(warnings(again), [
      `${state('host/passed.json')} is damaged. It counts as not there, and is written anew`,
    ]);
    for (const name of ['passed.json', 'tools.json']) JSON.parse(await readFile(state('host', name), 'utf8'));
  });
});
