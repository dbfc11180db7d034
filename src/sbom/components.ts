import type { Models } from '@cyclonedx/cyclonedx-library';
import type { Digest } from '#base';
import type { Tools } from './load-tools.ts';
import type { ImagePackage, PackageSource } from './packages.ts';

/** A package as a component, with its sources. */
export function packageComponent(one: ImagePackage, tools: Tools): Models.Component {
  const { Models, Enums } = tools;
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
function sourceComponent(one: ImagePackage, source: PackageSource, tools: Tools): Models.Component {
  const { Models, Enums } = tools;
  return new Models.Component(Enums.ComponentType.Library, source.name, {
    bomRef: sourceRef(one, source),
    version: source.version,
    ...(source.license === undefined ? {} : { licenses: licenses(source.license, tools) }),
    purl: purl(source.name, source.version, source, tools),
    externalReferences: sourceReferences(source, tools),
  });
}

/** What the document calls a source that a package takes in. */
export function sourceRef({ build }: ImagePackage, { name }: PackageSource): string {
  return `${build}#${name}`;
}

/** GRUB as the machine that made the image has it: nothing says which version that was. */
export function foreignBootLoader({ Models, Enums }: Tools): Models.Component {
  return new Models.Component(Enums.ComponentType.Application, 'grub', {
    bomRef: 'host/grub',
    description: 'The boot loader of the machine that made the image, in a version that is not known',
  });
}

function licenses(expression: string, { Models }: Tools): Models.LicenseRepository {
  return new Models.LicenseRepository([new Models.LicenseExpression(expression)]);
}

/** The digest of bytes, as a document writes it. */
export function hashes(digest: Digest, { Models, Enums }: Tools): Models.HashDictionary {
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest]]);
}

/** One reference an origin, all with the digest of the same bytes. */
function sourceReferences(
  source: PackageSource | undefined,
  tools: Tools,
): Models.ExternalReferenceRepository {
  const { Models, Enums } = tools;
  if (source === undefined) return new Models.ExternalReferenceRepository();
  const places = new Set([source.downloadUrl ?? [], source.origins].flat());
  const references = [...places].map((place) => {
    const facts = { hashes: hashes(source.digest, tools) };
    return new Models.ExternalReference(place, Enums.ExternalReferenceType.SourceDistribution, facts);
  });
  return new Models.ExternalReferenceRepository(references);
}

/** purl-spec, type `generic`: a package that no packager names is known by where its bytes are, and by their digest. */
function purl(name: string, version: string, source: PackageSource | undefined, { Purl }: Tools): string {
  const facts = source && {
    checksum: `sha256:${source.digest}`,
    ...(source.downloadUrl === undefined ? {} : { download_url: source.downloadUrl }),
  };
  return new Purl('generic', undefined, name, version, facts, undefined).toString();
}
