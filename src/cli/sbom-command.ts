import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fail, ok, type Problem, type Result } from '#base';
import { type ImageManifest, SBOM_NAME } from '#manifest';
import type { BuildName } from '#plan';
import { writeWhole } from '#store';
import { imagePath } from './image-parts.ts';
import { type BuiltPlan, imageSbom, sbomInput } from './image-sbom.ts';
import { knownKeys } from './known-keys.ts';
import { makePlan } from './make-plan.ts';
import { readImageManifest } from './read-image-manifest.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { writeLicences } from './write-licences.ts';

/** `sbom [IMAGE]`: what an image consists of, as CycloneDX on stdout, or in a folder with the licences' texts. */
export function sbomCommand(image: string | undefined, output: string | undefined): Handler {
  return async (session) => {
    const path = image === undefined ? imagePath(session) : resolve(image);
    const manifest = await readImageManifest(path);
    if (!manifest.ok) return manifest;
    if (manifest.value.profile !== session.project.profile.name)
      return fail(otherProfile(path, manifest.value));
    const built = await builtPlan(session);
    if (!built.ok) return built;
    const fits = await checkFits(session, manifest.value, built.value);
    if (!fits.ok) return fits;
    const sbom = await imageSbom(session, manifest.value, built.value);
    if (!sbom.ok) return sbom;
    if (output === undefined) {
      process.stdout.write(sbom.value);
      return ok(0);
    }
    const folder = resolve(output);
    await mkdir(folder, { recursive: true });
    const written = await writeLicences(session, sbomInput(session, manifest.value, built.value), folder);
    if (!written.ok) return written;
    await writeWhole(join(folder, SBOM_NAME), sbom.value);
    return ok(0);
  };
}

/** The plan of the image, with what the store has of it. */
async function builtPlan(session: Session): Promise<Result<BuiltPlan>> {
  const plan = await makePlan(session, ['image']);
  if (!plan.ok) return plan;
  const states = await knownKeys(plan.value, session.store);
  const artifacts = new Map(
    [...states].flatMap(([name, { record }]) =>
      record === undefined ? [] : [[name, record.artifact] as const],
    ),
  );
  return ok({ plan: plan.value, artifacts });
}

/** Whether the image's files are those that the builds give: sources of other files would be the wrong ones. */
async function checkFits(
  session: Session,
  manifest: ImageManifest,
  { artifacts }: BuiltPlan,
): Promise<Result<void>> {
  const given = new Map<BuildName, ReadonlyMap<string, string>>();
  for (const file of manifest.files) {
    const artifact = artifacts.get(file.build);
    if (file.type !== 'file' || artifact === undefined) continue;
    let digests = given.get(file.build);
    if (digests === undefined) {
      const entries = (await session.store.manifest(artifact))?.entries ?? [];
      digests = new Map(
        entries.flatMap((entry) => (entry.type === 'file' ? [[entry.path, entry.sha256]] : [])),
      );
      given.set(file.build, digests);
    }
    if (digests.get(file.path) !== file.sha256) return fail(otherBuilds(file.build, file.path));
  }
  return ok(undefined);
}

function otherBuilds(build: BuildName, path: string): Problem {
  return {
    kind: 'not-built',
    subject: build,
    message: `The image was made of other builds than those of now: its ${path} is not what ${build} gives`,
    hint: `Build the image again: blazeneuro build. The SBOM of the image as it is was written beside it (${SBOM_NAME})`,
  };
}

function otherProfile(path: string, { profile }: ImageManifest): Problem {
  return {
    kind: 'wrong-usage',
    subject: path,
    message: `The image ${path} is of the profile ${profile}`,
    hint: `Name the profile: blazeneuro --profile ${profile} sbom ${path}`,
  };
}
