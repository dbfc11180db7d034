import type * as Library from '@cyclonedx/cyclonedx-library';
import type { PackageURL } from 'packageurl-js';
import { type Digest, digestOfData, ok, type Result } from '#base';
import { checkLicences, type Licensed } from './licences.ts';
import { type ImagePackage, type PackageSource, packagesOf, type SbomInput } from './packages.ts';
import type { AppliedPatch } from './patches.ts';

/** The two libraries, loaded for the first document. */
type Tools = { readonly cdx: typeof Library; readonly Purl: typeof PackageURL };

/** Makes the CycloneDX 1.6 document of an image, as JSON text. It has no time and no number but those of the image. */
export async function makeSbom(input: SbomInput): Promise<Result<string>> {
  const packages = packagesOf(input);
  if (!packages.ok) return packages;
  const valid = await checkLicences(packages.value.flatMap(licensed));
  if (!valid.ok) return valid;
  const tools: Tools = {
    cdx: await import('@cyclonedx/cyclonedx-library'),
    Purl: (await import('packageurl-js')).PackageURL,
  };
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
): Library.Models.Bom {
  const { Models, Enums } = tools.cdx;
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

function addDependency(
  component: Library.Models.Component | undefined,
  need: Library.Models.Component | undefined,
): void {
  if (component !== undefined && need !== undefined) component.dependencies.add(need.bomRef);
}

function packageComponent(one: ImagePackage, tools: Tools): Library.Models.Component {
  const { Models, Enums } = tools.cdx;
  const [own, ...others] = one.sources;
  return new Models.Component(Enums.ComponentType.Application, one.name, {
    bomRef: one.build,
    version: one.version,
    ...(one.description === undefined ? {} : { description: one.description }),
    licenses: licenses(one.license, tools),
    purl: purl(one.name, one.version, own, tools),
    externalReferences: sourceReferences(own, tools),
    components: new Models.ComponentRepository(others.map((other) => sourceComponent(one, other, tools))),
    properties: new Models.PropertyRepository([
      new Models.Property('blazeneuro:build', one.build),
      new Models.Property('blazeneuro:artifact', `sha256:${one.artifact}`),
    ]),
  });
}

/** A source that a package takes in beside its own. */
function sourceComponent(one: ImagePackage, source: PackageSource, tools: Tools): Library.Models.Component {
  const { Models, Enums } = tools.cdx;
  return new Models.Component(Enums.ComponentType.Library, source.name, {
    bomRef: sourceRef(one, source),
    version: source.version,
    ...(source.license === undefined ? {} : { licenses: licenses(source.license, tools) }),
    purl: purl(source.name, source.version, source, tools),
    externalReferences: sourceReferences(source, tools),
  });
}

function sourceRef({ build }: ImagePackage, { name }: PackageSource): string {
  return `${build}#${name}`;
}

function foreignBootLoader({ cdx: { Models, Enums } }: Tools): Library.Models.Component {
  return new Models.Component(Enums.ComponentType.Application, 'grub', {
    bomRef: 'host/grub',
    description: 'The boot loader of the machine that made the image, in a version that is not known',
  });
}

function licenses(expression: string, { cdx: { Models } }: Tools): Library.Models.LicenseRepository {
  return new Models.LicenseRepository([new Models.LicenseExpression(expression)]);
}

function hashes(digest: Digest, { cdx: { Models, Enums } }: Tools): Library.Models.HashDictionary {
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest]]);
}

/** One reference an origin, all with the digest of the same bytes. */
function sourceReferences(
  source: PackageSource | undefined,
  tools: Tools,
): Library.Models.ExternalReferenceRepository {
  const { Models, Enums } = tools.cdx;
  const places = source === undefined ? [] : [source.downloadUrl ?? [], source.origins].flat();
  return new Models.ExternalReferenceRepository(
    source === undefined
      ? []
      : [...new Set(places)].map(
          (place) =>
            new Models.ExternalReference(place, Enums.ExternalReferenceType.SourceDistribution, {
              hashes: hashes(source.digest, tools),
            }),
        ),
  );
}

/** purl-spec, type `generic`: a package that no packager names is known by where its bytes are, and by their digest. */
function purl(name: string, version: string, source: PackageSource | undefined, { Purl }: Tools): string {
  const facts =
    source === undefined
      ? undefined
      : {
          checksum: `sha256:${source.digest}`,
          ...(source.downloadUrl === undefined ? {} : { download_url: source.downloadUrl }),
        };
  return new Purl('generic', undefined, name, version, facts, undefined).toString();
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
function normalize(bom: Library.Models.Bom, packages: readonly ImagePackage[], { cdx }: Tools) {
  const { Serialize, Spec } = cdx;
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
  component: Library.Serialize.JSON.Types.Normalized.Component,
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
