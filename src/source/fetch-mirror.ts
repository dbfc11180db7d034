import { digestOfBytes } from '#base';
import type { Answer, OriginOf } from './answer.ts';
import { type Download, fetchUrl } from './fetch-url.ts';
import type { Reachability } from './reachability.ts';
import type { Web } from './web.ts';

/** Asks the hosts of a mirror list in turn, until one has the right bytes; each goes on where the one before broke off. */
export async function fetchFromMirrors(
  origin: OriginOf<'mirror'>,
  addresses: readonly string[],
  { download, web }: { readonly download: Download; readonly web: Web },
): Promise<Answer> {
  const left = [...spread(addresses, download.pin.name)];
  const failures: Answer[] = [];
  for (;;) {
    const address = takeNext(left, web.reachability);
    if (address === undefined) break;
    const answer = await fetchUrl(`${address}${origin.path}`, download, web);
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

/** Takes the next host, if possible not one that another download waits for already: so silent hosts cost their time once. */
function takeNext(left: string[], reachability: Reachability): string | undefined {
  const free = left.findIndex((address) => !reachability.isOnTrial(new URL(address).host));
  return left.splice(Math.max(free, 0), 1)[0];
}
