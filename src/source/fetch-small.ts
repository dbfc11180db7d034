import { readAddress } from './read-address.ts';
import { readSmall, type Small } from './small-file.ts';
import type { Web } from './web.ts';

/** Longest time for one. */
const SMALL_TOTAL_MS = 60_000;

/** Downloads a small file that no digest is pinned for; the same rules for hosts and redirects as for sources. */
export async function fetchSmall(url: string, web: Web): Promise<Small> {
  // A few hundred bytes are less than any mean speed asks for.
  const limits = { leastBytes: 0, totalMs: Math.min(web.limits.totalMs, SMALL_TOTAL_MS) };
  const read = await readAddress(url, web, { limits, takeIn: (body) => readSmall(body) });
  return 'reason' in read ? read : { bytes: read.value };
}
