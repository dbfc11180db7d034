import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfData, fail, type HostPath, isErrno, ok, type Result } from '#base';
import { assembleImage, type BuiltArtifact, IMAGE_NAME, type ImageInput } from '#image';
import type { BuildName, Plan } from '#plan';
import type { RunSummary } from '#schedule';
import { readJson, writeWhole } from '#store';
import { openTools, toolLayers } from './image-tools.ts';
import { outFolder } from './locations.ts';
import { type Session, sandboxHost } from './session.ts';

/** What an image was made from, kept beside it: the same again means that there is nothing to do. */
type MadeFrom = { readonly inputs: string; readonly digest: string; readonly modifiedMs: number };

/** Bump when assembly itself makes other bytes of the same inputs. */
const ASSEMBLY_FORMAT = 2;

/** Assembles the profile's image from what a run gave, unless the one that is there was made from the same. */
export async function makeImage(session: Session, plan: Plan, summary: RunSummary): Promise<Result<void>> {
  const startedAtMs = Date.now();
  const { profile } = session.project;
  const input = await imageInput(session, plan, summary);
  if (!input.ok) return input;
  const layers = toolLayers(session, plan, summary);
  const out = outFolder(profile.name);
  const imagePath = join(out, IMAGE_NAME);
  const inputs = digestOfData({ ...describe(input.value), layers, format: ASSEMBLY_FORMAT });
  const wanted = session.flags.rebuild.includes('image');
  const present = wanted ? undefined : await imageMadeFrom(session, imagePath, inputs);
  if (present !== undefined) {
    session.emit({ type: 'image-finished', image: imagePath, outcome: 'reused', digest: present.digest });
    return ok(undefined);
  }
  const host = await sandboxHost(session);
  if (!host.ok) return host;
  const scratch = await session.store.stagingFolder();
  try {
    session.emit({ type: 'step-started', step: 'assemble image' });
    const image = await assembleImage(input.value, {
      runTools: await openTools(session, host.value, layers, scratch),
      treePath: (artifact) => session.store.treePath(artifact),
      scratchFolder: scratch,
      outFolder: out,
    });
    if (!image.ok) return image;
    const { mtimeMs } = await stat(imagePath);
    const made: MadeFrom = { inputs, digest: image.value.digest, modifiedMs: mtimeMs };
    await writeWhole(await madeFromFile(session, imagePath), JSON.stringify(made));
    session.emit({ type: 'step-finished', step: 'assemble image', durationMs: Date.now() - startedAtMs });
    session.emit({ type: 'image-finished', image: imagePath, outcome: 'built', digest: image.value.digest });
    return ok(undefined);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function imageInput(session: Session, plan: Plan, summary: RunSummary): Promise<Result<ImageInput>> {
  const { profile } = session.project;
  const artifacts: BuiltArtifact[] = [];
  for (const name of profile.packages) {
    const artifact = await builtArtifact(session, plan, summary, name);
    if (!artifact.ok) return artifact;
    artifacts.push(artifact.value);
  }
  const kernel = await builtArtifact(session, plan, summary, profile.kernel.build);
  if (!kernel.ok) return kernel;
  return ok({ profile, artifacts, kernel: kernel.value, sourceDateEpoch: session.sourceDateEpoch });
}

async function builtArtifact(
  session: Session,
  plan: Plan,
  summary: RunSummary,
  name: BuildName,
): Promise<Result<BuiltArtifact>> {
  const digest = summary.records.get(name)?.artifact;
  const manifest = digest === undefined ? undefined : await session.store.manifest(digest);
  if (digest === undefined || manifest === undefined) {
    return fail({
      kind: 'artifact-damaged',
      subject: name,
      message: `The store has no artifact of ${name}, though it was built`,
      hint: `Build it again: blazeneuro build --rebuild ${name}`,
    });
  }
  return ok({ build: name, digest, manifest, replaces: plan.builds.get(name)?.replaces ?? [] });
}

/** What decides the image, without the manifests, which follow from the digests. */
function describe(input: ImageInput): object {
  const digests = (artifact: BuiltArtifact) => [artifact.build, artifact.digest, artifact.replaces];
  return { ...input, artifacts: input.artifacts.map(digests), kernel: digests(input.kernel) };
}

async function imageMadeFrom(
  session: Session,
  image: HostPath,
  inputs: string,
): Promise<MadeFrom | undefined> {
  const made = await readJson<MadeFrom>(await madeFromFile(session, image));
  if (made?.inputs !== inputs) return undefined;
  try {
    // Somebody may have booted it and let it be written to.
    return (await stat(image)).mtimeMs === made.modifiedMs ? made : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function madeFromFile(session: Session, image: HostPath): Promise<HostPath> {
  return join(await session.store.stateFolder('images'), `${digestOfData(image)}.json`);
}
