import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { digestOfBytes, unwrap } from '#base';
import { defineRecipe, script, sh } from '#recipe';
import { makeSbom } from './cyclonedx.ts';
import { toyInput, toyPlan } from './testing.ts';

type Document = {
  readonly serialNumber: string;
  readonly metadata: {
    readonly timestamp: string;
    readonly component: { readonly hashes: readonly unknown[]; readonly name: string };
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
};

type Component = {
  readonly 'bom-ref': string;
  readonly version: string;
  readonly description?: string;
  readonly purl: string;
  readonly licenses: readonly unknown[];
  readonly externalReferences?: readonly { readonly url: string; readonly hashes: readonly unknown[] }[];
  readonly components?: readonly Component[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly pedigree?: {
    readonly patches: readonly { readonly diff: { readonly text: { content: string } } }[];
  };
};

async function document(input = toyInput()): Promise<Document> {
  return JSON.parse(unwrap(await makeSbom(input)));
}

function component({ components }: Document, ref: string): Component {
  return components.find((one) => one['bom-ref'] === ref) ?? assert.fail(ref);
}

test('a document fits the schema of CycloneDX 1.6, strictly', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  for (const hasForeignBootLoader of [false, true]) {
    const text = unwrap(await makeSbom(toyInput({ hasForeignBootLoader })));
    assert.equal(await validator.validate(text), null);
  }
  const broken = unwrap(await makeSbom(toyInput())).replace('"pedigree"', '"pedigrees"');
  assert.notEqual(await validator.validate(broken), null);
});

test('the image is what is described, by its digest, at its time', async () => {
  const { metadata, serialNumber } = await document();
  assert.equal(metadata.component.name, 'blazeneuro-toy');
  assert.deepEqual(metadata.component.hashes, [{ alg: 'SHA-256', content: digestOfBytes('image') }]);
  assert.equal(metadata.timestamp, '2023-11-14T22:13:20.000Z');
  assert.match(
    serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('each package has version, licence, description, source with its places, patches, build and artifact', async () => {
  const grep = component(await document(), 'final/grep');
  assert.equal(grep.version, '3.11');
  assert.equal(grep.description, 'Finds lines');
  assert.deepEqual(grep.licenses, [{ expression: 'GPL-3.0-or-later' }]);
  const digest = digestOfBytes('grep');
  assert.deepEqual(
    grep.externalReferences?.map(({ url }) => url),
    [
      'apt:grep=2:3.11+x-4/grep.tar.xz',
      'https://gnu.example/grep/grep-3.11.tar.xz',
      'mirror://gnu/grep/grep-3.11.tar.xz',
    ],
  );
  for (const { hashes } of grep.externalReferences ?? []) {
    assert.deepEqual(hashes, [{ alg: 'SHA-256', content: digest }]);
  }
  assert.equal(
    decodeURIComponent(grep.purl),
    `pkg:generic/grep@3.11?checksum=sha256:${digest}&download_url=https://gnu.example/grep/grep-3.11.tar.xz`,
  );
  assert.match(grep.pedigree?.patches[0]?.diff.text.content ?? '', /^--- a\/x$/m);
  assert.deepEqual(grep.properties, [
    { name: 'blazeneuro:artifact', value: `sha256:${digestOfBytes('final/grep')}` },
    { name: 'blazeneuro:build', value: 'final/grep' },
  ]);
});

test('a source that is taken in is named inside the package, and no folder of this machine is', async () => {
  const text = unwrap(await makeSbom(toyInput()));
  const [gnulib] = component(JSON.parse(text), 'final/grep').components ?? [];
  assert.deepEqual(gnulib?.licenses, [{ expression: 'LGPL-2.1-or-later' }]);
  assert.deepEqual(
    gnulib?.externalReferences?.map(({ url }) => url),
    ['file:gnulib.tar'],
  );
  assert.doesNotMatch(text, /home\/ada/);
});

test('a package that copies what another build made names the source of that', async () => {
  const libs = component(await document(), 'final/libs');
  assert.equal(libs.version, '14.2.0');
  assert.match(decodeURIComponent(libs.purl), /^pkg:generic\/libs@14\.2\.0\?checksum=sha256:/);
  assert.deepEqual(
    libs.externalReferences?.map(({ url }) => url),
    ['https://gcc.example/gcc.tar.gz', 'https://gcc.example/gcc.tar.gz#a/gcc.tar.xz'],
  );
});

test('the image depends on its packages, and these on each other as their recipes say', async () => {
  const { dependencies } = await document();
  const of = (ref: string) => dependencies.find((one) => one.ref === ref)?.dependsOn ?? [];
  assert.deepEqual(of('image'), ['final/grep', 'final/libs', 'system/etc', 'system/linux']);
  assert.deepEqual(of('final/grep'), ['final/libs']);
});

test('only builds that the image has files of are in it', async () => {
  const { components } = await document(toyInput({ builds: ['system/linux'] }));
  assert.deepEqual(
    components.map((one) => one['bom-ref']),
    ['system/linux'],
  );
});

test('the same image gives the same document, and another image another number', async () => {
  const first = unwrap(await makeSbom(toyInput()));
  assert.equal(unwrap(await makeSbom(toyInput({ plan: toyPlan() }))), first);
  const image = { profile: 'toy', digest: digestOfBytes('other'), sourceDateEpoch: 0 };
  const other = await document(toyInput({ image }));
  assert.notEqual(other.serialNumber, JSON.parse(first).serialNumber);
});

test('a licence that is no SPDX expression is a problem that names the recipe', async () => {
  const odd = defineRecipe({
    name: 'etc',
    license: 'GPLv2',
    sources: {},
    builds: { system: script({ install: sh`:` }) },
  });
  const builds = ['system/etc'];
  const plan = toyPlan().builds.get('system/etc') ?? assert.fail();
  const changed = { builds: new Map([['system/etc', { ...plan, license: odd.license }]]), goals: builds };
  const made = await makeSbom(toyInput({ builds, plan: changed }));
  assert.ok(!made.ok);
  assert.deepEqual([made.problem.kind, made.problem.subject], ['bad-recipe', 'etc']);
  assert.match(made.problem.message, /GPLv2/);
});

test('a build that the store does not have is a problem', async () => {
  const made = await makeSbom(toyInput({ artifacts: new Map() }));
  assert.ok(!made.ok);
  assert.deepEqual([made.problem.kind, made.problem.subject], ['not-built', 'final/grep']);
});

test('the libraries are loaded by the first document, not before', () => {
  const script = `await import('#sbom');
    const { default: module } = await import('node:module');
    const loaded = () => Object.keys(module._cache).filter((path) => /cyclonedx|packageurl|spdx/.test(path));
    const before = loaded();
    await import('spdx-expression-parse');
    process.stdout.write(JSON.stringify([before, loaded().length > 0]));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  assert.equal(said, '[[],true]');
});
