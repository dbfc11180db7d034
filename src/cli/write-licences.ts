import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type HostPath, ok, type Problem, type Result } from '#base';
import { chooseLicenceTexts, type ImagePackage, type PackageSource, packagesOf, type SbomInput } from '#sbom';
import { readArchiveFiles } from '#source';
import { type CheckBeforeUse, checkBeforeUse } from '#store';
import { damagedWhenUsed } from './check-what-is-used.ts';
import { PROJECT_ROOT } from './locations.ts';
import type { Session } from './session.ts';
import { lockStore } from './store-lock.ts';

/** Writes `licences/PACKAGE/FILE`: the licence texts of every package, from its source in the store. */
export async function writeLicences(
  session: Session,
  input: SbomInput,
  folder: HostPath,
): Promise<Result<void>> {
  const packages = packagesOf(input);
  if (!packages.ok) return packages;
  const locked = await lockStore(session);
  if (!locked.ok) return locked;
  await using _lock = locked.value;
  const check = checkBeforeUse(session.storeRoot);
  const licences = join(folder, 'licences');
  // Texts of an earlier image would be those of other versions.
  await rm(licences, { recursive: true, force: true });
  const withoutText: string[] = [];
  for (const one of oneEach(packages.value)) {
    const written = await writePackage(session, one, { folder: join(licences, one.name), check });
    if (!written.ok) return written;
    if (written.value === 0 && one.sources.length > 0) withoutText.push(one.name);
  }
  // The licence of what the project itself puts into an image.
  await mkdir(join(licences, 'blazeneuro'), { recursive: true });
  await copyFile(join(PROJECT_ROOT, 'LICENSE'), join(licences, 'blazeneuro', 'LICENSE'));
  if (withoutText.length > 0) session.warnOnce(`No licence text was found in: ${withoutText.join(', ')}`);
  return ok(undefined);
}

/** Two builds of one recipe have the same sources. */
function oneEach(packages: readonly ImagePackage[]): Iterable<ImagePackage> {
  return new Map(packages.map((one) => [one.name, one])).values();
}

type Target = { readonly folder: HostPath; readonly check: CheckBeforeUse };

/** Writes the texts of one package, those of what it takes in with the name of that in front. How many there are. */
async function writePackage(
  session: Session,
  one: ImagePackage,
  { folder, check }: Target,
): Promise<Result<number>> {
  let count = 0;
  for (const [index, source] of one.sources.entries()) {
    const texts = await readTexts(session, source, check);
    if (!texts.ok) return texts;
    if (texts.value.length > 0) await mkdir(folder, { recursive: true });
    for (const { file, bytes } of texts.value) {
      const name = index === 0 ? file.name : `${source.name}--${file.name}`;
      await writeFile(join(folder, name), bytes);
      count += 1;
    }
  }
  return ok(count);
}

async function readTexts(session: Session, { name, digest, member }: PackageSource, check: CheckBeforeUse) {
  const { store, signal } = session;
  const damaged = damagedWhenUsed(
    session,
    `The licence of ${name}`,
    await check({ blobs: [digest] }, signal),
  );
  if (damaged !== undefined) return damaged;
  if (!(await store.hasBlob(digest))) return fail(notFetched(name));
  const scratchFolder = await store.stagingFolder();
  try {
    const archive = { name, file: store.blobPath(digest), ...(member === undefined ? {} : { member }) };
    return await readArchiveFiles(archive, chooseLicenceTexts, { scratchFolder, signal });
  } finally {
    await rm(scratchFolder, { recursive: true, force: true });
  }
}

function notFetched(name: string): Problem {
  return {
    kind: 'source-unavailable',
    subject: name,
    message: `The store does not have the source ${name}, which holds its licence`,
    hint: `Fetch it: blazeneuro fetch ${name}`,
  };
}
