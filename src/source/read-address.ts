import {
  connect,
  DOWNLOAD_TIMEOUT_MS,
  isNetworkError,
  leave,
  MAX_REDIRECTS,
  mayBeAsked,
  reasonOf,
  type Web,
} from './fetch-url.ts';

/** What a server gave for an address, or why there is nothing. */
export type Read<T> = { readonly value: T } | { readonly reason: string };

/** How a body is read of which nothing is known beforehand. */
export type Reading<T> = {
  /** Reads no further than it wants to. */
  takeIn(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<T>;
  /** Default: that of downloads. */
  readonly timeLimitMs?: number;
};

/** Reads an address under the rules that hold for downloads: TLS, few redirects, bounded in time. */
export async function readAddress<T>(url: string, web: Web, reading: Reading<T>): Promise<Read<T>> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!mayBeAsked(address, web)) {
      return { reason: `led to ${address.protocol}//${address.host}, which is not https` };
    }
    const answer = await ask(address, web, reading);
    if (!(answer instanceof URL)) return answer;
    address = answer;
  }
  return { reason: `more than ${MAX_REDIRECTS} redirects` };
}

/** One request: what was taken in, or where it leads to. */
async function ask<T>(address: URL, web: Web, reading: Reading<T>): Promise<Read<T> | URL> {
  const skip = web.reachability.reasonToSkip(address.host);
  if (skip !== undefined) return { reason: skip };
  const timeout = AbortSignal.timeout(reading.timeLimitMs ?? DOWNLOAD_TIMEOUT_MS);
  const signal = web.signal === undefined ? timeout : AbortSignal.any([timeout, web.signal]);
  const response = await connect(address, web, signal);
  if (typeof response === 'string') return { reason: response };

  const { statusCode, headers, body } = response;
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
    leave(body);
    return URL.parse(location, address.href) ?? { reason: 'redirected to what is no address' };
  }
  if (statusCode !== 200) {
    leave(body);
    return { reason: `answered ${statusCode}` };
  }
  try {
    return { value: await reading.takeIn(body, signal) };
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return { reason: `broke off (${reasonOf(error)})` };
  }
}
