import {
  connect,
  isNetworkError,
  leave,
  MAX_REDIRECTS,
  mayBeAsked,
  reasonOf,
  type Web,
} from './fetch-url.ts';
import { readSmall, type Small } from './small-file.ts';

/** Longest time for one. */
const SMALL_TIMEOUT_MS = 60_000;

/** Downloads a small file that no digest is pinned for; the same rules for hosts and redirects as for sources. */
export async function fetchSmall(url: string, web: Web): Promise<Small> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!mayBeAsked(address, web)) {
      return { reason: `led to ${address.protocol}//${address.host}, which is not https` };
    }
    const answer = await ask(address, web);
    if (!(answer instanceof URL)) return answer;
    address = answer;
  }
  return { reason: `more than ${MAX_REDIRECTS} redirects` };
}

async function ask(address: URL, web: Web): Promise<Small | URL> {
  const skip = web.reachability.reasonToSkip(address.host);
  if (skip !== undefined) return { reason: skip };
  const timeout = AbortSignal.timeout(SMALL_TIMEOUT_MS);
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
    return { bytes: await readSmall(body) };
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return { reason: `broke off (${reasonOf(error)})` };
  }
}
