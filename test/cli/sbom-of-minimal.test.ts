import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { digestOfBytes, unwrap } from '#base';
import { readProject } from '#config';
import { planBuilds } from '#plan';
import { type ORIGIN_KINDS, X86_64 } from '#recipe';
import { makeSbom, type SbomInput } from '#sbom';
import { chosenSource } from '#source';
import { PROJECT } from '../rig.ts';

/** The document of the minimal profile as it stands, as if every build had given something. */
async function inputOf(origin: (typeof ORIGIN_KINDS)[number]): Promise<SbomInput> {
  const project = unwrap(await readProject({ root: PROJECT, overlay: undefined }, 'minimal'));
  const { profile, pins, mirrors } = project;
  const chosen = [...pins].flatMap(([name, [first, ...others]]) => {
    const pin = others.find((one) => one.origin.kind === origin) ?? first;
    return pin === undefined ? [] : [[name, chosenSource({ pin })] as const];
  });
  const recipes = [...project.recipes].flatMap(([name, { recipe }]) =>
    recipe === undefined ? [] : [[name, recipe] as const],
  );
  const inputs = {
    sources: new Map(chosen),
    recipeFiles: new Map([...project.recipes].map(([name, { files }]) => [name, files])),
    profile,
    kernelConfig: project.kernelConfig,
    target: X86_64,
    hostTools: {},
    sourceDateEpoch: 0,
  };
  const plan = unwrap(planBuilds(new Map(recipes), inputs, ['image']));
  return {
    image: { profile: profile.name, digest: digestOfBytes('image'), sourceDateEpoch: 0 },
    builds: [...profile.packages, 'final/grub'],
    hasForeignBootLoader: false,
    plan,
    artifacts: new Map([...plan.builds.keys()].map((name) => [name, digestOfBytes(name)])),
    pins,
    mirrors,
    programVersion: '0',
  };
}

for (const origin of ['mirror', 'apt'] as const) {
  test(`the minimal profile with sources from ${origin} has a valid document that names every source`, async () => {
    const text = unwrap(await makeSbom(await inputOf(origin)));
    assert.equal(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text), null);
    const { components } = JSON.parse(text);
    const named = (name: string) => components.find((one: { name: string }) => one.name === name);
    assert.equal(named('gcc-libs').version, named('gcc-libs').purl.match(/@([\d.]+)/)[1]);
    const withoutSource = components.filter((one: object) => !('externalReferences' in one));
    assert.deepEqual(withoutSource.map((one: { name: string }) => one.name).sort(), [
      'boot-scripts',
      'etc',
      'grow-table',
      'initrd',
    ]);
    assert.match(named('glibc').pedigree.patches[0].diff.url, /^patches\//);
  });
}
