import type { Models, Serialize } from '@cyclonedx/cyclonedx-library';
import { type Digest, digestOfData, ok, type Result } from '#base';
import { foreignBootLoader, hashes, packageComponent, sourceRef } from './components.ts';
import { checkLicences, type Licensed } from './licences.ts';
import { loadTools, type Tools } from './load-tools.ts';
import { type ImagePackage, packagesOf, type SbomInput } from './packages.ts';
import type { AppliedPatch } from './patches.ts';

/** Makes the CycloneDX 1.6 document of an image, as JSON text. It has no time and no number but those of the image. */
export async function makeSbom(input: SbomInput): Promise<Result<string>> {
  const packages = packagesOf(input);
  if (!packages.ok) return packages;
  const valid = await checkLicences(packages.value.flatMap(licensed));
  if (!valid.ok) return valid;
  const tools = await loadTools();
  const bom = makeBom(input, packages.value, tools);
  return ok(`${JSON.stringify(normalize(bom, packages.value, tools), undefined, 2)}\n`);
}

function licensed({ name, license, sources }: ImagePackage): Licensed[] {
  const taken = sources.flatMap((one) =>
    one.license === undefined ? [] : [[one.name, one.license] as const],
  );
  return [[name, license] as const, ...taken].map(([recipe, ofIt]) => ({ recipe, license: ofIt }));
}

function makeBom(
  { image, hasForeignBootLoader, programVersion }: SbomInput,
  packages: readonly ImagePackage[],
  tools: Tools,
): Models.Bom {
  const { Models, Enums } = tools;
  const system = new Models.Component(Enums.ComponentType.OperatingSystem, `blazeneuro-${image.profile}`, {
    bomRef: 'image',
    hashes: hashes(image.digest, tools),
  });
  const components = new Map(packages.map((one) => [one.build, packageComponent(one, tools)]));
  for (const { build, needs } of packages) {
    for (const need of needs) addDependency(components.get(build), components.get(need));
  }
  if (hasForeignBootLoader) components.set('host/grub', foreignBootLoader(tools));
  for (const component of components.values()) addDependency(system, component);
  const program = new Models.Component(Enums.ComponentType.Application, 'blazeneuro', {
    version: programVersion,
  });
  return new Models.Bom({
    serialNumber: serialNumber(image.digest),
    metadata: new Models.Metadata({
      timestamp: new Date(image.sourceDateEpoch * 1000),
      tools: new Models.Tools({ components: new Models.ComponentRepository([program]) }),
      component: system,
    }),
    components: new Models.ComponentRepository(components.values()),
  });
}

function addDependency(component: Models.Component | undefined, need: Models.Component | undefined): void {
  if (component !== undefined && need !== undefined) component.dependencies.add(need.bomRef);
}

/** A UUID of version 8 (RFC 9562 §5.8: whatever an application makes it of). */
function serialNumber(image: Digest): `urn:uuid:${string}` {
  const digits = digestOfData({ purpose: 'sbom', image });
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  const groups = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ];
  return `urn:uuid:${groups.join('-')}`;
}

/** The document as plain data. The library knows no pedigree, so the patches are added here. */
function normalize(bom: Models.Bom, packages: readonly ImagePackage[], { Serialize, Spec }: Tools) {
  const plain = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
    .makeForBom()
    .normalize(bom, { sortLists: true });
  const patches = new Map(
    packages.flatMap((one) =>
      one.sources.map(
        (source, index) => [index === 0 ? one.build : sourceRef(one, source), source.patches] as const,
      ),
    ),
  );
  const components = plain.components?.map((component) => ({
    ...withPedigree(component, patches),
    ...(component.components && {
      components: component.components.map((inner) => withPedigree(inner, patches)),
    }),
  }));
  return { ...plain, ...(components && { components }) };
}

function withPedigree(
  component: Serialize.JSON.Types.Normalized.Component,
  patches: ReadonlyMap<string, readonly AppliedPatch[]>,
) {
  const own = patches.get(component['bom-ref'] ?? '') ?? [];
  if (own.length === 0) return component;
  const described = own.map(({ name, ...text }) => ({
    type: 'unofficial',
    diff: { text: { contentType: 'text/x-diff', ...text }, url: name },
  }));
  return { ...component, pedigree: { patches: described } };
}
