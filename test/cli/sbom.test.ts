import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { digestOfBytes } from '#base';
import { openRig, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

const DIGEST = digestOfBytes('an image');

describe('sbom', () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'toy', { sources: { '.': 'toy' } });
    await pinSource(rig);
    const built = await rig.run(...toyWords(rig), 'build', 'system/toy');
    assert.equal(built.exitCode, 0, built.stderr);
    await writeManifest(rig, await filesOf(rig));
  });
  after(() => rig[Symbol.asyncDispose]());

  const sbom = (...words: string[]): Promise<Run> => rig.run(...toyWords(rig), 'sbom', ...words);

  test('prints what the image consists of, as a valid document, the same each time', async () => {
    const run = await sbom();
    assert.equal(run.exitCode, 0, run.stderr);
    assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(run.stdout), null);
    const { components, metadata } = JSON.parse(run.stdout);
    assert.equal(metadata.component.hashes[0].content, DIGEST);
    const toy = components.find((one: { name: string }) => one.name === 'toy');
    assert.deepEqual([toy.version, toy.licenses[0].expression], ['1.0', 'MIT']);
    assert.equal(toy.externalReferences[0].url, 'file:toy.tar');
    assert.equal((await sbom(join('out', 'toy', 'blazeneuro.img'))).stdout, run.stdout);
  });

  test('writes a folder with the licence texts of each package', async () => {
    const run = await sbom('--output', 'results');
    assert.equal(run.exitCode, 0, run.stderr);
    assert.equal(run.stdout, '');
    const folder = join(rig.cwd, 'results');
    assert.equal(JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8')).bomFormat, 'CycloneDX');
    assert.deepEqual((await readdir(join(folder, 'licences'))).sort(), ['blazeneuro', 'toy']);
    assert.deepEqual(await readdir(join(folder, 'licences/toy')), ['COPYING']);
    assert.equal(await readFile(join(folder, 'licences/toy/COPYING'), 'utf8'), 'Do as you like.\n');
  });

  test('a source that was damaged in the store is not read', async () => {
    const blob = await blobOf(rig);
    const bytes = await readFile(blob);
    bytes[2000] = 1;
    execFileSync('chmod', ['u+w', blob]);
    await writeFile(blob, bytes);
    const run = await sbom('--output', 'damaged');
    assert.equal(run.exitCode, 1);
    assert.match(run.stderr, /damaged/);
    assert.deepEqual(await readdir(join(rig.cwd, 'damaged')), []);
    const again = await rig.run(...toyWords(rig), 'fetch', 'toy');
    assert.equal(again.exitCode, 0, again.stderr);
  });

  test('an image of other builds than those of now is refused, by a file that differs', async () => {
    const files = await filesOf(rig);
    const other = files.map((file) =>
      file['type'] === 'file' ? { ...file, sha256: digestOfBytes('x') } : file,
    );
    await writeManifest(rig, other);
    const run = await sbom();
    await writeManifest(rig, files);
    assert.equal(run.exitCode, 1);
    assert.match(run.stderr, /usr\/share\/toy is not what system\/toy gives/);
    assert.equal(run.stdout, '');
  });

  test('an image of another profile, none, and a damaged manifest are problems', async () => {
    const other = join(rig.cwd, 'elsewhere/blazeneuro.img');
    assert.match((await sbom(other)).stderr, /elsewhere\/blazeneuro\.img is not there/);
    await mkdir(dirname(other));
    await writeFile(join(dirname(other), 'manifest.json'), '{');
    assert.match((await sbom(other)).stderr, /is damaged/);
    await writeFile(join(dirname(other), 'manifest.json'), '{"format":1,"profile":"big"}');
    const run = await sbom(other);
    assert.equal(run.exitCode, 2);
    assert.match(run.stderr, /--profile big sbom/);
  });

  test('a package without a valid licence stops the build of an image before it begins', async () => {
    await writeToy(rig, 'toy', { sources: { '.': 'toy' }, build: 'exit 1', more: "license: 'GPLv9'," });
    const run = await rig.run(...toyWords(rig), 'build');
    assert.equal(run.exitCode, 2);
    assert.match(run.stderr, /licence of toy, "GPLv9", is no SPDX expression/);
  });
});

/** A source with a licence, and links and names that lead elsewhere. */
async function pinSource(rig: Rig): Promise<void> {
  const tree = join(rig.folder, 'toy-1.0');
  await mkdir(tree);
  await writeFile(join(tree, 'COPYING'), 'Do as you like.\n');
  await writeFile(join(tree, 'README'), 'A toy.\n');
  execFileSync('ln', ['-s', 'COPYING', join(tree, 'LICENSE')]);
  const file = join(rig.overlay, 'toy.tar');
  execFileSync('tar', ['-cf', file, '-C', rig.folder, 'toy-1.0']);
  const bytes = await readFile(file);
  await rig.write('packages.list', `toy 1.0 file:toy.tar sha256:${digestOfBytes(bytes)} ${bytes.length}\n`);
}

async function blobOf(rig: Rig): Promise<string> {
  const digest = digestOfBytes(await readFile(join(rig.overlay, 'toy.tar')));
  return join(rig.store, 'blobs', digest.slice(0, 2), digest);
}

/** The files of the one build, as an image's manifest has them. */
async function filesOf(rig: Rig): Promise<Record<string, unknown>[]> {
  const run = await rig.run(...toyWords(rig), '--json', 'files', 'system/toy');
  return run.events.map((entry) => ({ ...entry, build: 'system/toy' }));
}

/** A manifest as an image of the toy has it: making one takes tools that not every machine has. */
async function writeManifest(rig: Rig, files: readonly unknown[]): Promise<void> {
  const folder = join(rig.cwd, 'out/toy');
  await mkdir(folder, { recursive: true });
  const manifest = { format: 1, profile: 'toy', digest: DIGEST, sourceDateEpoch: 0, files, espFiles: [] };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}
