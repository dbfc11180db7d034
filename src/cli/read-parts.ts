import { fail, ok, type Result } from '#base';
import type { BuiltArtifact, ImageInput } from '#image';
import { bootLoader, type ImagePart, type ImageParts } from './image-parts.ts';
import type { Session } from './session.ts';

/** Reads what an image is made from: its parts, with their manifests. */
export async function readParts(session: Session, parts: ImageParts): Promise<Result<ImageInput>> {
  const artifacts: BuiltArtifact[] = [];
  for (const part of parts.artifacts) {
    const artifact = await readPart(session, part);
    if (!artifact.ok) return artifact;
    artifacts.push(artifact.value);
  }
  const kernel = await readPart(session, parts.kernel);
  if (!kernel.ok) return kernel;
  const { project, sourceDateEpoch } = session;
  const { profile } = project;
  const loader = bootLoader(profile);
  return ok({
    profile,
    artifacts,
    kernel: kernel.value,
    ...(loader === undefined ? {} : { bootLoader: loader }),
    sourceDateEpoch,
  });
}

async function readPart(session: Session, part: ImagePart): Promise<Result<BuiltArtifact>> {
  const manifest = await session.store.manifest(part.digest);
  if (manifest !== undefined) return ok({ ...part, manifest });
  return fail({
    kind: 'artifact-damaged',
    subject: part.build,
    message: `The store has no artifact of ${part.build}, though it was built`,
    hint: `Build it again: blazeneuro build --rebuild ${part.build}`,
  });
}
