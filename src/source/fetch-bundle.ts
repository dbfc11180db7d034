import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath, Problem } from '#base';
import type { Pin } from '#recipe';
import type { BlobStore } from './blob-store.ts';
import { type Bundle, copyFromBundle } from './open-bundle.ts';
import { describeAnswer } from './source-problem.ts';

/** What a bundle is called among origins. */
export function bundleText({ file }: Bundle): string {
  return `bundle:${file}`;
}

/** The first of the pins, in their order, whose bytes a bundle promises. */
export function promisedPin(bundle: Bundle, pins: readonly Pin[]): Pin | undefined {
  return pins.find(({ digest }) => bundle.places.has(digest));
}

/** Takes what a bundle promises for a pin into the store; a bundle that does not keep it is a problem. */
export async function fetchFromBundle(
  bundle: Bundle,
  pin: Pin,
  { store, staging }: { readonly store: BlobStore; readonly staging: HostPath },
): Promise<number | Problem> {
  const file = join(staging, `${pin.name}.${pin.line}`);
  const verdict = await copyFromBundle(bundle, pin, file);
  if (verdict.outcome === 'verified') {
    await store.addBlob(file, pin.digest);
    return verdict.sizeBytes;
  }
  await rm(file, { force: true });
  return {
    kind: 'digest-mismatch',
    subject: pin.name,
    message: `The bundle ${bundle.file} is damaged: for ${pin.name} it ${describeAnswer(verdict)}`,
    place: bundle.file,
    hint: `Copy it again from where it was made, or make it anew: blazeneuro fetch --bundle ${bundle.file}`,
  };
}

/** The problem of a name that a bundle was to give, and that it does not hold. */
export function notInBundle(problem: Problem, bundle: Bundle): Problem {
  if (problem.kind !== 'source-unavailable') return problem;
  return {
    ...problem,
    message: `The bundle ${bundle.file} does not hold ${problem.subject} as config/packages.list pins it`,
    hint: `Make it anew with the same packages.list, on a machine with a network: blazeneuro fetch --bundle ${bundle.file}`,
  };
}
