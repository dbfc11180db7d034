import { type DownloadLimits, type DownloadWatch, watchDownload } from './download-watch.ts';
import { isNetworkError, reasonOf } from './network-error.ts';
import { leave, openUrl } from './open-url.ts';
import type { Web } from './web.ts';

/** What a server gave for an address, or why there is nothing. */
export type Read<T> = { readonly value: T } | { readonly reason: string };

/** How a body is read of which nothing is known beforehand. */
export type Reading<T> = {
  /** Reads no further than it wants to. */
  takeIn(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<T>;
  /** Default: those of downloads. */
  readonly limits?: Partial<DownloadLimits>;
};

/** Reads an address under the rules that hold for downloads: TLS, few redirects, bounded in time. */
export async function readAddress<T>(
  url: string,
  web: Web,
  { takeIn, limits }: Reading<T>,
): Promise<Read<T>> {
  using watch = watchDownload({ ...web.limits, ...limits }, web.clock, web.signal);
  const opened = await openUrl(url, 0, { web, watch });
  if ('outcome' in opened) {
    return { reason: opened.outcome === 'unavailable' ? opened.reason : opened.outcome };
  }
  const { statusCode, body } = opened.response;
  if (statusCode !== 200) {
    leave(body);
    return { reason: `answered ${statusCode}` };
  }
  try {
    return { value: await takeIn(watched(body, watch), watch.signal) };
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return { reason: `broke off (${watch.gaveUp()?.reason ?? reasonOf(error)})` };
  }
}

async function* watched(body: AsyncIterable<Uint8Array>, watch: DownloadWatch): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    watch.received(chunk.byteLength);
    yield chunk;
  }
}
