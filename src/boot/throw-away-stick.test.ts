import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '#base';
import { runProgram } from '#process';
import { copyImage, espHolds, putOnEsp, readFromEsp } from './throw-away-stick.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const MIB = 1024 * 1024;

let folder = '';
let image = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazeneuro-stick-'));
  image = join(folder, 'image.img');
  await writeFile(image, '');
  await truncate(image, 64 * MIB);
  const table =
    'label: gpt\n2: start=98304, size=16384, type=linux\n1: start=2048, size=65536, type=uefi, uuid=0AB7C2D4-1111-2222-3333-444455556666\n';
  await run(['sfdisk', '--quiet', image], table);
  await run(['mkfs.fat', '--offset', '2048', image, '32768']);
});
after(async () => await rm(folder, { recursive: true }));

describe('a throw-away copy of an image', () => {
  it('takes files on its ESP, in place of older ones, and leaves the image as it is', async () => {
    const stick = unwrap(await copyImage(image, folder, env));
    const partuuid = '0ab7c2d4-1111-2222-3333-444455556666';
    assert.deepEqual(stick.esp, { offsetBytes: 2048 * 512, sizeBytes: 65536 * 512, partuuid });
    unwrap(await putOnEsp(stick, { name: 'blazeneuro.conf', text: 'HOSTNAME=a\n' }, env));
    unwrap(await putOnEsp(stick, { name: 'blazeneuro.conf', text: 'HOSTNAME=b\n' }, env));
    assert.equal(unwrap(await readFromEsp(stick, 'blazeneuro.conf', env)), 'HOSTNAME=b\n');
    assert.equal((await readFile(image)).includes('HOSTNAME'), false);
  });

  it('stays sparse', async () => {
    const stick = unwrap(await copyImage(image, folder, env));
    assert.ok((await stat(stick.path)).blocks * 512 < 8 * MIB);
  });

  it('finds what an overwritten file has left in free clusters', async () => {
    const stick = unwrap(await copyImage(image, folder, env));
    assert.equal(await espHolds(stick, 'SECRET-HASH'), false);
    unwrap(await putOnEsp(stick, { name: 'a.txt', text: 'SECRET-HASH' }, env));
    assert.equal(await espHolds(stick, 'SECRET-HASH'), true);
    await run(['mdel', '-i', `${stick.path}@@1M`, '::/a.txt']);
    assert.equal(await espHolds(stick, 'SECRET-HASH'), true);
  });

  it('looks at the ESP alone, to its last byte', async () => {
    const stick = unwrap(await copyImage(image, folder, env));
    await using file = await open(stick.path, 'r+');
    await file.write('ON-THE-ROOT', 98304 * 512);
    await file.write('AT-THE-END', (2048 + 65536) * 512 - 10);
    await file.write('ACROSS-PIECES', 2048 * 512 + 8 * MIB - 5);
    assert.equal(await espHolds(stick, 'ON-THE-ROOT'), false);
    assert.equal(await espHolds(stick, 'AT-THE-END'), true);
    assert.equal(await espHolds(stick, 'ACROSS-PIECES'), true);
  });

  it('says which file it misses, and that there is no ESP', async () => {
    const stick = unwrap(await copyImage(image, folder, env));
    const missing = await readFromEsp(stick, 'no-such-file', env);
    assert.equal(missing.ok ? '' : missing.problem.subject, 'no-such-file');
    const bare = { path: stick.path, esp: null, root: null };
    assert.equal((await putOnEsp(bare, { name: 'a', text: '' }, env)).ok, false);
  });
});

async function run(argv: readonly string[], text = ''): Promise<void> {
  const result = await runProgram({ argv, env, stdin: { text } });
  assert.equal(result.succeeded, true, result.stderr);
}
