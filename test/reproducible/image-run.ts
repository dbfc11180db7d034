import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatDuration, type HostPath } from '#base';
import type { Session } from '#cli';
import { PROJECT } from '../rig.ts';
import { assembleVaried } from './assemble-varied.ts';
import { compareImages, type ImageFiles } from './compare-images.ts';
import { type AssemblyInputs, profileInputs } from './image-request.ts';
import { whyNot } from './possible.ts';
import { IMAGE_VARIATIONS, type Surroundings } from './variation.ts';

/** How many went well. */
export type Counts = { passed: number; failed: number; skipped: number };

/** Most places that are named of one image. */
const NAMED = 20;

/**
 * The program assembles the profile's image; then it is assembled again in each of the other surroundings, and every
 * byte of image and manifest compared. Nothing is left out of the comparison.
 */
export async function repeatImage(session: Session): Promise<Counts> {
  const inputs = await profileInputs(session);
  if (inputs === undefined) {
    console.log('skipped image: not all of its builds have been built once');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  // On the file system of most builds, not in memory; /tmp may be either.
  const folder = await mkdtemp(join(process.env['TMPDIR'] ?? '/var/tmp', 'blazeneuro-again-'));
  await chmod(folder, 0o755);
  try {
    const first = await assembleByProgram(session, folder);
    const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
    for (const { name, surroundings } of IMAGE_VARIATIONS) {
      const reason = await whyNot(surroundings);
      if (reason !== undefined) {
        console.log(`skipped image, ${name}: ${reason}`);
        counts.skipped += 1;
        continue;
      }
      const startedAtMs = performance.now();
      const found = await compareIn(surroundings, { inputs, first, folder });
      tell(name, found, Math.round(performance.now() - startedAtMs));
      counts[found.verdict === 'same' ? 'passed' : 'failed'] += 1;
    }
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Found = { readonly verdict: 'same' | 'DIFFERS' | 'FAILED'; readonly lines: readonly string[] };

/** What is not alike when the image is assembled in these surroundings, or why it could not be. */
async function compareIn(
  surroundings: Surroundings,
  { inputs, first, folder }: { inputs: AssemblyInputs; first: ImageFiles; folder: HostPath },
): Promise<Found> {
  await using second = await assembleVaried(inputs, surroundings, folder);
  if (!second.ok) return { verdict: 'FAILED', lines: second.reasons };
  const lines = await compareImages(first, second.answer);
  return { verdict: lines.length === 0 ? 'same' : 'DIFFERS', lines };
}

function tell(name: string, { verdict, lines }: Found, durationMs: number): void {
  console.log(`${verdict} image, ${name} (${formatDuration(durationMs)})`);
  for (const line of lines.slice(0, NAMED)) console.log(`    ${line}`);
  if (lines.length > NAMED) console.log(`    and ${lines.length - NAMED} more`);
}

/** The image as everybody gets it, in a folder of its own. */
async function assembleByProgram({ flags, storeRoot }: Session, folder: HostPath): Promise<ImageFiles> {
  const cwd = join(folder, 'program');
  await mkdir(cwd);
  const overlay = flags.config === undefined ? [] : ['--config', flags.config];
  const words = ['build', '--rebuild', 'image', '--quiet', '--profile', flags.profile, ...overlay];
  const child = spawn(join(PROJECT, 'blazeneuro'), words, {
    cwd,
    env: { ...process.env, BLAZENEURO_STORE: storeRoot },
    stdio: 'inherit',
  });
  const exitCode = await new Promise<number | null>((done) => child.once('close', done));
  if (exitCode !== 0) throw new Error(`blazeneuro ${words.join(' ')} ended with ${exitCode}`);
  const out = resolve(cwd, 'out', flags.profile);
  return { imagePath: join(out, 'blazeneuro.img'), manifestPath: join(out, 'manifest.json') };
}
