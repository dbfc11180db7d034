import { digestOfBytes, type HostPath } from '#base';
import type { Pin } from '#recipe';
import type { Answer, OriginOf } from './answer.ts';
import { fetchUrl, type Web } from './fetch-url.ts';

/** Asks the hosts of a mirror list in turn, until one has the right bytes. */
export async function fetchFromMirrors(
  origin: OriginOf<'mirror'>,
  pin: Pin,
  mirrors: ReadonlyMap<string, readonly string[]>,
  file: HostPath,
  web: Web,
): Promise<Answer> {
  const addresses = mirrors.get(origin.list) ?? [];
  const failures: Answer[] = [];
  for (const address of spread(addresses, pin.name)) {
    const answer = await fetchUrl(`${address}${origin.path}`, pin, file, web);
    if (answer.outcome === 'verified') return answer;
    failures.push(answer);
  }
  const wrong = failures.find((answer) => answer.outcome !== 'unavailable');
  if (wrong !== undefined) return wrong;
  const reasons = new Set(failures.map((answer) => (answer.outcome === 'unavailable' ? answer.reason : '')));
  const wasSkipped =
    failures.length > 0 &&
    failures.every((answer) => answer.outcome === 'unavailable' && answer.wasSkipped === true);
  const reason = [...reasons].join('; ') || `mirrors.list has no list ${origin.list}`;
  return { outcome: 'unavailable', reason, wasSkipped };
}

/** The same hosts, beginning with another one for each name, always the same: the load is spread, runs are alike. */
export function spread<T>(addresses: readonly T[], name: string): readonly T[] {
  if (addresses.length === 0) return addresses;
  const first = Number.parseInt(digestOfBytes(name).slice(0, 8), 16) % addresses.length;
  return [...addresses.slice(first), ...addresses.slice(0, first)];
}
