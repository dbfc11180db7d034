import { EnvHttpProxyAgent, errors, request } from 'undici';
import type { HostPath } from '#base';
import type { Pin } from '#recipe';
import { type Answer, unavailable } from './answer.ts';
import type { Reachability } from './reachability.ts';
import { sizeLimit, writeVerified, wrongSize } from './verified-file.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Longest silence of a server that has been reached. */
const SILENCE_TIMEOUT_MS = 30_000;
/** Longest time for one file: Linux at 80 KB/s. */
export const DOWNLOAD_TIMEOUT_MS = 30 * 60_000;
export const MAX_REDIRECTS = 5;

/** What downloads have in common in a run. */
export type Web = {
  readonly reachability: Reachability;
  readonly proxies: EnvHttpProxyAgent;
  /** Plain http to this machine itself: only for tests. */
  readonly allowsLoopbackHttp: boolean;
  readonly signal: AbortSignal | undefined;
};

/** The web as this machine is set up to reach it: `https_proxy`, `no_proxy` and the like are honoured. */
export function openWeb(options: Omit<Web, 'proxies'>): Web {
  const proxies = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: SILENCE_TIMEOUT_MS,
    bodyTimeout: SILENCE_TIMEOUT_MS,
  });
  return { ...options, proxies };
}

/** Downloads one address, and verifies it on the way. */
export async function fetchUrl(url: string, pin: Pin, file: HostPath, web: Web): Promise<Answer> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!mayBeAsked(address, web))
      return unavailable(`led to ${address.protocol}//${address.host}, which is not https`);
    const answer = await ask(address, pin, file, web);
    if (!(answer instanceof URL)) return answer;
    address = answer;
  }
  return unavailable(`more than ${MAX_REDIRECTS} redirects`);
}

/** TLS only; tests ask this machine itself. */
export function mayBeAsked(address: URL, web: Web): boolean {
  if (address.protocol === 'https:') return true;
  return address.protocol === 'http:' && web.allowsLoopbackHttp && address.hostname === '127.0.0.1';
}

/** One request: the answer, or where it leads to. */
async function ask(address: URL, pin: Pin, file: HostPath, web: Web): Promise<Answer | URL> {
  const skip = web.reachability.reasonToSkip(address.host);
  if (skip !== undefined) return { outcome: 'unavailable', reason: skip, wasSkipped: true };

  const timeout = AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS);
  const signal = web.signal === undefined ? timeout : AbortSignal.any([timeout, web.signal]);
  const response = await connect(address, web, signal);
  if (typeof response === 'string') return unavailable(response);

  const { statusCode, headers, body } = response;
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') {
    leave(body);
    return URL.parse(location, address.href) ?? unavailable('redirected to what is no address');
  }
  const announced = Number(headers['content-length'] ?? Number.NaN);
  if (statusCode !== 200) {
    leave(body);
    return unavailable(`answered ${statusCode}`);
  }
  if (announced > sizeLimit(pin)) {
    leave(body);
    return wrongSize(pin, `${announced} bytes announced`);
  }
  try {
    return await writeVerified(body, file, pin, signal);
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return unavailable(`broke off (${reasonOf(error)})`);
  }
}

/** Reads no more of a body. Its error is then only that we left, and nobody else listens. */
export function leave(body: Response['body']): void {
  body.once('error', () => undefined);
  body.destroy();
}

type Response = Awaited<ReturnType<typeof request>>;

/** The response once its headers are here, or why there is none; then the host is not asked again. */
export async function connect(address: URL, web: Web, signal: AbortSignal): Promise<Response | string> {
  try {
    const response = await request(address, {
      dispatcher: web.proxies,
      signal,
      // Some servers would send a .tar.gz as a compressed .tar.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'blazeneuro' },
    });
    web.reachability.answered(address.host);
    return response;
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    const reason = reasonOf(error);
    if (web.signal?.aborted !== true) web.reachability.failed(address.host, reason);
    return `${address.host} cannot be reached (${reason})`;
  }
}

/** Whether an error is one that networks, servers and time limits make; anything else is a bug. */
export function isNetworkError(error: unknown): error is Error {
  if (error instanceof errors.UndiciError) return !(error instanceof errors.InvalidArgumentError);
  if (error instanceof DOMException) return ['AbortError', 'TimeoutError'].includes(error.name);
  if (error instanceof AggregateError) return error.errors.every(isNetworkError);
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError') return true;
  const code = 'code' in error ? String(error.code) : '';
  // Sockets, names, TLS and certificates; not the file system, which has errors of its own below.
  return 'syscall' in error && ['connect', 'getaddrinfo', 'read', 'write'].includes(String(error.syscall))
    ? !FILE_ERRORS.includes(code)
    : /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|ECONNRESET|HPE_)/.test(code);
}

/** What writing to a full or broken disk says, with the same system calls. */
const FILE_ERRORS = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EFBIG'];

/** What a network error says, in a word where it has one. */
export function reasonOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  return typeof code === 'string' ? code : error.message;
}
