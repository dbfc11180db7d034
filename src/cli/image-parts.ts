import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfData, type HostPath, isErrno } from '#base';
import type { BuiltArtifact } from '#image';
import { IMAGE_NAME } from '#manifest';
import { type BuildName, IMAGE_TOOLS, type Plan } from '#plan';
import type { Profile } from '#recipe';
import type { ArtifactRecord } from '#store';
import { outFolder } from './locations.ts';
import { readSessionCache, type Session } from './session.ts';

/** One artifact of an image; its manifest follows from the digest, and is read only when there is an image to make. */
export type ImagePart = Omit<BuiltArtifact, 'manifest'>;

/** Everything that decides an image, by digests. */
export type ImageParts = {
  readonly artifacts: readonly ImagePart[];
  readonly kernel: ImagePart;
  /** The artifacts that the image's tools come from and run on, the lowest first; none when they are the host's. */
  readonly toolLayers: readonly Digest[];
};

/** What an image was made from, kept beside it: the same again means that there is nothing to do. */
export type MadeFrom = { readonly inputs: string; readonly digest: string; readonly modifiedMs: number };

/** Bump when assembly itself makes other bytes of the same inputs, or writes something else beside the image. */
const ASSEMBLY_FORMAT = 5;

/** The parts of the profile's image, from what its builds gave; all of them have artifacts. */
export function imageParts(
  session: Session,
  plan: Plan,
  records: ReadonlyMap<BuildName, ArtifactRecord>,
): ImageParts {
  const { packages, kernel } = session.project.profile;
  const part = (build: BuildName): ImagePart => {
    const digest = records.get(build)?.artifact;
    if (digest === undefined) throw new Error(`The image is to be made before ${build} has an artifact`);
    return { build, digest, replaces: plan.builds.get(build)?.replaces ?? [] };
  };
  return {
    artifacts: packages.map(part),
    kernel: part(kernel.build),
    toolLayers: toolLayers(session, plan, records),
  };
}

/** The build that the boot loader comes from; undefined when it is that of the machine. */
export function bootLoader({ image }: Profile): BuildName | undefined {
  return image.tools === 'own' ? 'final/grub' : undefined;
}

/** The builds that a profile's image may have files of. */
export function shippedBuilds(profile: Profile): ReadonlySet<BuildName> {
  return new Set([...profile.packages, profile.kernel.build, bootLoader(profile) ?? []].flat());
}

/** The builds whose artifacts are read when the profile's image is made. */
export function imageBuilds(session: Session, plan: Plan): readonly BuildName[] {
  const { packages, kernel } = session.project.profile;
  return [...new Set([...packages, kernel.build, ...toolBuilds(session, plan)])];
}

function toolLayers(
  session: Session,
  plan: Plan,
  records: ReadonlyMap<BuildName, ArtifactRecord>,
): readonly Digest[] {
  const inOrder = toolBuilds(session, plan);
  return [...new Set(inOrder.flatMap((name) => records.get(name)?.artifact ?? []))];
}

function toolBuilds(session: Session, plan: Plan): readonly BuildName[] {
  if (session.project.profile.image.tools === 'host') return [];
  const names = new Set(IMAGE_TOOLS.flatMap((tool) => [...(plan.builds.get(tool)?.needs ?? []), tool]));
  return [...plan.builds.keys()].filter((name) => names.has(name));
}

/** Where the profile's image lies, or will lie. */
export function imagePath(session: Session): HostPath {
  return join(outFolder(session.project.profile.name), IMAGE_NAME);
}

/** The digest of all that decides the image's bytes. */
export function digestOfParts(
  session: Session,
  { artifacts, kernel, toolLayers: layers }: ImageParts,
): Digest {
  const facts = ({ build, digest, replaces }: ImagePart) => [build, digest, replaces];
  return digestOfData({
    profile: session.project.profile,
    artifacts: artifacts.map(facts),
    kernel: facts(kernel),
    sourceDateEpoch: session.sourceDateEpoch,
    layers,
    format: ASSEMBLY_FORMAT,
  });
}

/** What is known of the image that is there, if it is as these parts made it. */
export async function presentImage(session: Session, parts: ImageParts): Promise<MadeFrom | undefined> {
  const path = imagePath(session);
  const made = await readSessionCache<MadeFrom>(session, await madeFromFile(session, path));
  if (made?.inputs !== digestOfParts(session, parts)) return undefined;
  try {
    // Somebody may have booted it and let it be written to.
    return (await stat(path)).mtimeMs === made.modifiedMs ? made : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The file that remembers what an image was made from. */
export async function madeFromFile(session: Session, image: HostPath): Promise<HostPath> {
  return join(await session.store.stateFolder('images'), `${digestOfData(image)}.json`);
}
