import type { Pin } from '#recipe';
import { type Answer, unavailable } from './answer.ts';
import { placeOfBody } from './body-place.ts';
import { type DownloadWatch, watchDownload } from './download-watch.ts';
import { isNetworkError, reasonOf } from './network-error.ts';
import { leave, type Opened, openUrl } from './open-url.ts';
import type { PartialFile } from './partial-file.ts';
import { sizeLimit, wrongSize } from './verified-file.ts';
import type { Response, Web } from './web.ts';

/** So often a download is taken up again at the same address. */
const MAX_BREAKS = 5;

/** The bytes of a pin on their way into a file. */
export type Download = {
  readonly pin: Pin;
  readonly partial: PartialFile;
  /** Told of how many bytes are here, and of how many there will be if that is known. */
  readonly onBytes: (receivedBytes: number, wholeBytes: number | undefined) => void;
};

/** How one request ended. */
type Ending =
  | Answer
  /** Some bytes may have come. */
  | { readonly outcome: 'broke-off'; readonly reason: string }
  /** The whole is wrong, but it is of more than one answer: who gave the wrong part is not known. */
  | { readonly outcome: 'does-not-fit'; readonly verdict: Answer }
  /** The server does not know the part that it was asked for. */
  | { readonly outcome: 'no-such-part' };

type Visit = { readonly download: Download; readonly web: Web; readonly watch: DownloadWatch };

/**
 * Downloads what lies at an address and verifies the whole: goes on behind the bytes that are here, also when it breaks
 * off, and begins again once when the pieces do not fit. What is left in the partial file has never been found wrong.
 */
export async function fetchUrl(url: string, download: Download, web: Web): Promise<Answer> {
  using watch = watchDownload(web.limits, web.clock, web.signal);
  const visit = { download, web, watch };
  const { partial } = download;
  let breaks = 0;
  let hasBegunAgain = false;
  for (;;) {
    const hadBytes = partial.sizeBytes;
    const ending = await requestRest(url, visit);
    switch (ending.outcome) {
      case 'broke-off':
        breaks += 1;
        if (partial.sizeBytes <= hadBytes || breaks > MAX_BREAKS || watch.signal.aborted) {
          return unavailable(`broke off (${ending.reason})`);
        }
        await pause(breaks * web.limits.pauseMs, visit);
        break;
      case 'does-not-fit':
        if (hasBegunAgain) return ending.verdict;
        hasBegunAgain = true;
        break;
      case 'no-such-part':
        await partial.startAnew();
        break;
      default:
        return ending;
    }
  }
}

/** Lets time go by, unless the download is given up meanwhile. */
async function pause(pauseMs: number, { web, watch }: Visit): Promise<void> {
  if (pauseMs === 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  using _timer = web.clock.after(pauseMs, resolve);
  watch.signal.addEventListener('abort', () => resolve(), { once: true });
  if (watch.signal.aborted) resolve();
  await promise;
  // It was silent because nobody asked it.
  watch.received(0);
}

/** One request for what is missing, wherever it is led. */
async function requestRest(url: string, visit: Visit): Promise<Ending> {
  const opened = await openUrl(url, visit.download.partial.sizeBytes, visit);
  return 'outcome' in opened ? opened : receive(opened, visit);
}

/** Puts the body of a response where it belongs, and judges the whole. */
async function receive({ response, host }: Opened, visit: Visit): Promise<Ending> {
  const { download, web, watch } = visit;
  const { partial, pin } = download;
  const body = placeOfBody(response, partial.sizeBytes, pin);
  if (body.place === 'none' || body.place === 'refused') {
    leave(response.body);
    return body.place === 'none' ? { outcome: 'no-such-part' } : body.answer;
  }
  if (body.place === 'beginning') await partial.startAnew();
  partial.beginPiece();
  const reason = await readBody(response.body, body.wholeBytes, visit);
  if (reason !== undefined) {
    // Who keeps us waiting once does so for every source.
    const given = watch.gaveUp();
    if (given?.blamesHost === true) web.reachability.failed(host, given.reason);
    return { outcome: 'broke-off', reason: given?.reason ?? reason };
  }
  if (body.place === 'behind' && partial.sizeBytes < (body.wholeBytes ?? 0)) {
    return { outcome: 'broke-off', reason: 'sent less than it was asked for' };
  }
  const isOfMany = partial.pieces > 1;
  const verdict = partial.sizeBytes > sizeLimit(pin) ? await tooMuch(download) : await partial.judge(pin);
  return isOfMany && verdict.outcome !== 'verified' ? { outcome: 'does-not-fit', verdict } : verdict;
}

/** Reads a body to its end, or as far as the pin allows and a bit beyond; why it broke off, if it did. */
async function readBody(
  body: Response['body'],
  wholeBytes: number | undefined,
  { download, watch }: Visit,
): Promise<string | undefined> {
  const { partial, pin, onBytes } = download;
  const chunks = body[Symbol.asyncIterator]();
  while (partial.sizeBytes <= sizeLimit(pin)) {
    const next = await nextChunk(chunks);
    if (typeof next === 'string') return next;
    if (next === undefined) return undefined;
    watch.received(next.byteLength);
    await partial.append(next);
    onBytes(partial.sizeBytes, wholeBytes);
  }
  leave(body);
  return undefined;
}

/** The next bytes, undefined at the end, or why there are none. Only a server can fail here, no disk of ours. */
async function nextChunk(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined | string> {
  try {
    const next = await chunks.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return reasonOf(error);
  }
}

async function tooMuch({ partial, pin }: Download): Promise<Answer> {
  await partial.startAnew();
  return wrongSize(pin, `more than ${sizeLimit(pin)} bytes`);
}
