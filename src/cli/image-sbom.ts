import type { Digest, Result } from '#base';
import { buildsOf } from '#image';
import type { ImageManifest } from '#manifest';
import type { BuildName, Plan } from '#plan';
import { makeSbom, type SbomInput } from '#sbom';
import { bootLoader } from './image-parts.ts';
import { programVersion } from './locations.ts';
import type { Session } from './session.ts';

/** What the builds of a plan gave. */
export type BuiltPlan = { readonly plan: Plan; readonly artifacts: ReadonlyMap<BuildName, Digest> };

/** The CycloneDX document of an image that was made of these builds. */
export function imageSbom(
  session: Session,
  manifest: ImageManifest,
  built: BuiltPlan,
): Promise<Result<string>> {
  return makeSbom(sbomInput(session, manifest, built));
}

/** Everything that the document is made of. */
export function sbomInput({ project }: Session, manifest: ImageManifest, built: BuiltPlan): SbomInput {
  const { profile, digest, sourceDateEpoch } = manifest;
  return {
    ...built,
    image: { profile, digest, sourceDateEpoch },
    builds: buildsOf(manifest),
    hasForeignBootLoader: bootLoader(project.profile) === undefined,
    pins: project.pins,
    mirrors: project.mirrors,
    programVersion: programVersion(),
  };
}
