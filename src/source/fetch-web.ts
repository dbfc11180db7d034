import type { HostPath } from '#base';
import type { Emit } from '#event';
import type { Pin } from '#recipe';
import type { Answer } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Download } from './fetch-url.ts';
import { PartialFile, type PartialPlaces } from './partial-file.ts';

/** What a download into a file takes besides the web. */
export type WebFiles = {
  readonly places: PartialPlaces;
  /** Told of progress; absent where nobody wants to know. */
  readonly emit: Emit | undefined;
  readonly clock: Clock;
};

/** A source tells of its progress no more than four times a second. */
const SHORTEST_STEP_MS = 250;

/**
 * Downloads into a partial file, which stays for the next origin and the next run when it breaks off, and gets the name
 * that counts when it is the pinned bytes.
 */
export async function fetchThroughPartial(
  { pin, file }: { readonly pin: Pin; readonly file: HostPath },
  { places, emit, clock }: WebFiles,
  fetch: (download: Download) => Promise<Answer>,
): Promise<Answer> {
  using place = places.claim(pin);
  await using partial = await PartialFile.open(place?.path ?? `${file}.partial`, pin);
  const answer =
    (await judgeEarlier(partial, pin)) ??
    (await fetch({ pin, partial, onBytes: progressOf(pin, emit, clock) }));
  if (answer.outcome === 'verified') await partial.moveTo(file);
  return answer;
}

/** A run that was killed may have left the whole. */
async function judgeEarlier(partial: PartialFile, pin: Pin): Promise<Answer | undefined> {
  if (partial.sizeBytes === 0 || partial.sizeBytes !== pin.sizeBytes) return undefined;
  const verdict = await partial.judge(pin);
  return verdict.outcome === 'verified' ? verdict : undefined;
}

function progressOf(pin: Pin, emit: Emit | undefined, clock: Clock): Download['onBytes'] {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (receivedBytes, wholeBytes) => {
    if (emit === undefined || clock.nowMs() - toldAtMs < SHORTEST_STEP_MS) return;
    toldAtMs = clock.nowMs();
    const sizeBytes = pin.sizeBytes ?? wholeBytes ?? null;
    emit({ type: 'source-progress', name: pin.name, origin: pin.origin.text, receivedBytes, sizeBytes });
  };
}
