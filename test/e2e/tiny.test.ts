import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { unwrap } from '#base';
import { smokeTest, verdictLines } from '#boot';
import { lastEvent, openRig, outcomes, PROJECT, type Rig, type Run } from '../rig.ts';
import { lendSource } from './lend-source.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const everything = { 'system/tiny-init': 'reused', 'system/tiny-linux': 'reused' };

describe('the tiny system, from source to a stick that boots and remembers', () => {
  let rig: Rig;
  let image = '';
  before(async () => {
    rig = await openRig();
    image = join(rig.cwd, 'out/tiny/blazeneuro.img');
    await lendSource('linux', rig.store);
  });
  after(() => rig[Symbol.asyncDispose]());

  const build = async (...words: string[]): Promise<Run> => {
    const overlay = ['--config', join(PROJECT, 'test/tiny'), '--profile', 'tiny'];
    const run = await rig.run(...overlay, 'build', '--json', ...words);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.equal(lastEvent(run, 'finished').ok, true);
    return run;
  };

  test('is built from an empty store, with an image and its manifest', async () => {
    const run = await build();
    assert.deepEqual(outcomes(run), { 'system/tiny-init': 'built', 'system/tiny-linux': 'built' });
    const finished = lastEvent(run, 'image-finished');
    assert.deepEqual([finished.outcome, finished.image], ['built', image]);

    const manifest = JSON.parse(await rig.read('out/tiny/manifest.json'));
    assert.equal(manifest.digest, finished.digest);
    assert.equal(manifest.sizeBytes, (await stat(image)).size);
    const init = manifest.files.find(({ path }: { path: string }) => path === '/sbin/init');
    assert.deepEqual([init.build, init.mode, init.uid], ['system/tiny-init', '0755', 0]);
    assert.ok(manifest.espFiles.some(({ path }: { path: string }) => path === '/EFI/BOOT/BOOTX64.EFI'));

    const sbom = JSON.parse(await rig.read('out/tiny/sbom.cdx.json'));
    assert.equal(sbom.metadata.component.hashes[0].content, finished.digest);
    assert.deepEqual(sbom.components.map((one: { 'bom-ref': string }) => one['bom-ref']).sort(), [
      'host/grub',
      'system/tiny-init',
      'system/tiny-linux',
    ]);
    const asked = await rig.run('--config', join(PROJECT, 'test/tiny'), '--profile', 'tiny', 'sbom');
    assert.equal(asked.stdout, await rig.read('out/tiny/sbom.cdx.json'));
  });

  test('built again is what it was: nothing is done', async () => {
    const { mtimeMs } = await stat(image);
    const run = await build();
    assert.deepEqual(outcomes(run), everything);
    assert.equal(lastEvent(run, 'image-finished').outcome, 'reused');
    assert.equal((await stat(image)).mtimeMs, mtimeMs);
  });

  test('stays what it is when a build of it is repeated to the same bytes', async () => {
    const { mtimeMs } = await stat(image);
    const run = await build('--rebuild', 'system/tiny-init');
    assert.deepEqual(outcomes(run), { ...everything, 'system/tiny-init': 'built' });
    assert.equal(lastEvent(run, 'image-finished').outcome, 'reused');
    assert.equal((await stat(image)).mtimeMs, mtimeMs);
  });

  test('is assembled to the same bytes again', async () => {
    const before = JSON.parse(await rig.read('out/tiny/manifest.json')).digest;
    const run = await build('--rebuild', 'image');
    assert.deepEqual(outcomes(run), everything);
    const { outcome, digest } = lastEvent(run, 'image-finished');
    assert.deepEqual([outcome, digest], ['built', before]);
  });

  for (const firmware of ['bios', 'uefi'] as const) {
    test(`boots under ${firmware}, twice, and remembers the first time`, async () => {
      const logFolder = join(rig.cwd, 'logs');
      const verdict = unwrap(await smokeTest(image, { firmware, bus: 'virtio', env, logFolder }));
      assert.ok(
        verdict.passed,
        `${verdictLines(verdict).join('\n')}\n${await rig.read(`logs/boot-${firmware}-virtio.log`)}`,
      );
    });
  }

  test('was not written to by any of this', async () => {
    assert.equal(lastEvent(await build(), 'image-finished').outcome, 'reused');
  });
});
