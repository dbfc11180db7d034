import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '#base';
import { assembleImage } from '#image';
import { type ImageManifest, SBOM_NAME } from '#manifest';
import type { BuildName, Plan } from '#plan';
import { type ArtifactRecord, type CheckBeforeUse, type Used, writeWhole } from '#store';
import { damagedWhenUsed } from './check-what-is-used.ts';
import {
  digestOfParts,
  type ImageParts,
  imageParts,
  imagePath,
  type MadeFrom,
  madeFromFile,
  presentImage,
} from './image-parts.ts';
import { imageSbom } from './image-sbom.ts';
import { openTools } from './image-tools.ts';
import { outFolder } from './locations.ts';
import { readParts } from './read-parts.ts';
import { type Session, sandboxHost } from './session.ts';

/** The builds of an image, all of which have artifacts. */
export type BuiltImage = { readonly plan: Plan; readonly records: ReadonlyMap<BuildName, ArtifactRecord> };

/** Assembles the profile's image from its parts, unless the one that is there was made from the same. */
export async function makeImage(
  session: Session,
  built: BuiltImage,
  check: CheckBeforeUse,
): Promise<Result<void>> {
  const parts = imageParts(session, built.plan, built.records);
  const startedAtMs = performance.now();
  const image = imagePath(session);
  const wanted = session.flags.rebuild.includes('image');
  const present = wanted ? undefined : await presentImage(session, parts);
  if (present !== undefined) {
    session.emit({ type: 'image-finished', image, outcome: 'reused', digest: present.digest });
    return ok(undefined);
  }
  const damaged = damagedWhenUsed(session, 'the image', await check(usedBy(parts), session.signal));
  if (damaged !== undefined) return damaged;
  session.emit({ type: 'step-started', step: 'assemble image' });
  const manifest = await assemble(session, parts);
  if (!manifest.ok) return manifest;
  const written = await writeSbom(session, manifest.value, built);
  if (!written.ok) return written;
  const { digest } = manifest.value;
  const { mtimeMs } = await stat(image);
  const made: MadeFrom = {
    inputs: digestOfParts(session, parts),
    digest,
    modifiedMs: mtimeMs,
  };
  await writeWhole(await madeFromFile(session, image), JSON.stringify(made));
  const durationMs = Math.round(performance.now() - startedAtMs);
  session.emit({ type: 'step-finished', step: 'assemble image', durationMs });
  session.emit({ type: 'image-finished', image, outcome: 'built', digest });
  return ok(undefined);
}

function usedBy({ artifacts, kernel, toolLayers }: ImageParts): Partial<Used> {
  return { artifacts: [...artifacts.map(({ digest }) => digest), kernel.digest, ...toolLayers] };
}

/** Beside the image, before it counts as made: an image that is there has its SBOM. */
async function writeSbom(
  session: Session,
  manifest: ImageManifest,
  { plan, records }: BuiltImage,
): Promise<Result<void>> {
  const artifacts = new Map([...records].map(([name, { artifact }]) => [name, artifact]));
  const sbom = await imageSbom(session, manifest, { plan, artifacts });
  if (!sbom.ok) return sbom;
  await writeWhole(join(outFolder(manifest.profile), SBOM_NAME), sbom.value);
  return ok(undefined);
}

async function assemble(session: Session, parts: ImageParts): Promise<Result<ImageManifest>> {
  const input = await readParts(session, parts);
  if (!input.ok) return input;
  const host = await sandboxHost(session);
  if (!host.ok) return host;
  const scratch = await session.store.stagingFolder();
  try {
    const assembled = await assembleImage(input.value, {
      runTools: await openTools(session, host.value, parts.toolLayers, scratch),
      treePath: (artifact) => session.store.treePath(artifact),
      scratchFolder: scratch,
      outFolder: outFolder(session.project.profile.name),
    });
    return assembled.ok ? ok(assembled.value.manifest) : assembled;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
