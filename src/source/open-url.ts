import { type Answer, unavailable } from './answer.ts';
import type { DownloadWatch } from './download-watch.ts';
import { askWeb, type Response, type Web } from './web.ts';

const MAX_REDIRECTS = 5;

/** A response that leads nowhere else, and who gave it. */
export type Opened = { readonly response: Response; readonly host: string };

/** Asks an address for what lies behind so many bytes, and goes wherever it is led, as far as that is safe. */
export async function openUrl(
  url: string,
  behindBytes: number,
  asking: { readonly web: Web; readonly watch: DownloadWatch },
): Promise<Opened | Answer> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!mayBeAsked(address, asking.web)) {
      return unavailable(`led to ${address.protocol}//${address.host}, which is not https`);
    }
    const response = await askWeb(address, behindBytes, asking);
    if ('outcome' in response) return response;
    const { location } = response.headers;
    if (response.statusCode < 300 || response.statusCode >= 400 || typeof location !== 'string') {
      return { response, host: address.host };
    }
    leave(response.body);
    const next = URL.parse(location, address.href);
    if (next === null) return unavailable('redirected to what is no address');
    address = next;
  }
  return unavailable(`more than ${MAX_REDIRECTS} redirects`);
}

/** Reads no more of a body. Its error is then only that we left, and nobody else listens. */
export function leave(body: Response['body']): void {
  body.once('error', () => undefined);
  body.destroy();
}

function mayBeAsked(address: URL, web: Web): boolean {
  if (address.protocol === 'https:') return true;
  return address.protocol === 'http:' && web.allowsLoopbackHttp && address.hostname === '127.0.0.1';
}
