import type { Socket } from 'node:net';
import { buildConnector, EnvHttpProxyAgent, request } from 'undici';
import { type Answer, unavailable } from './answer.ts';
import type { Clock } from './clock.ts';
import type { DownloadLimits, DownloadWatch } from './download-watch.ts';
import { isNetworkError, reasonOf } from './network-error.ts';
import type { Reachability } from './reachability.ts';

const MAX_REDIRECTS = 5;

/** What downloads have in common in a run. */
export type Web = AsyncDisposable & {
  readonly reachability: Reachability;
  readonly agent: EnvHttpProxyAgent;
  readonly limits: DownloadLimits;
  readonly clock: Clock;
  /** Plain http to this machine itself: only for tests. */
  readonly allowsLoopbackHttp: boolean;
  readonly signal: AbortSignal | undefined;
};

export type Response = Awaited<ReturnType<typeof request>>;

/** The web as this machine is set up to reach it: `https_proxy`, `no_proxy` and the like are honoured. */
export function openWeb(options: Omit<Web, 'agent' | keyof AsyncDisposable>): Web {
  const { connectMs } = options.limits;
  // Whatever the environment says of certificates that cannot be verified, they are refused.
  const tls = { rejectUnauthorized: true, allowH2: false, timeout: connectMs };
  const sockets = new Set<Socket>();
  const connect = buildConnector(tls);
  const agent = new EnvHttpProxyAgent({
    connect: (target, done) => {
      const socket = connect(target, done);
      if (socket !== undefined) remember(socket, sockets);
    },
    connectTimeout: connectMs,
    requestTls: tls,
    proxyTls: tls,
    // A connection each: one that breaks takes no other download with it.
    allowH2: false,
    // A download has a watch of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    ...options,
    agent,
    [Symbol.asyncDispose]: async () => {
      // One that does not stand yet would keep the program alive.
      for (const socket of sockets) socket.destroy();
      await agent.destroy();
    },
  };
}

/** A response, and the host that gave it. */
export type Opened = { readonly response: Response; readonly host: string };

type Visit = { readonly web: Web; readonly watch: DownloadWatch };

/** What an address leads to, behind so many bytes of it: by https only, and by few redirects. */
export async function openAddress(url: string, behindBytes: number, visit: Visit): Promise<Opened | Answer> {
  let address = new URL(url);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!mayBeAsked(address, visit.web)) {
      return unavailable(`led to ${address.protocol}//${address.host}, which is not https`);
    }
    const response = await askWeb(address, behindBytes, visit);
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

/** The response of an address once its headers are here, or why there is none; then its host is not asked again. */
async function askWeb(address: URL, behindBytes: number, { web, watch }: Visit): Promise<Response | Answer> {
  const { reachability } = web;
  const { host } = address;
  const skip = reachability.reasonToSkip(host);
  if (skip !== undefined) return { outcome: 'unavailable', reason: skip, wasSkipped: true };
  reachability.asked(host);
  const signal = AbortSignal.any([watch.signal, reachability.givenUp]);
  try {
    const response = await whileWanted(
      request(address, {
        dispatcher: web.agent,
        signal,
        headers: {
          // Some servers would send a .tar.gz as a compressed .tar.
          'accept-encoding': 'identity',
          'user-agent': 'blazeneuro',
          ...(behindBytes === 0 ? {} : { range: `bytes=${behindBytes}-` }),
        },
      }),
      signal,
    );
    watch.received(0);
    reachability.answered(host);
    return response;
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    if (reachability.givenUp.aborted) return skipped(host, reachability);
    const reason = watch.reasonToGiveUp() ?? reasonOf(error);
    if (web.signal?.aborted !== true) reachability.failed(host, reason);
    return unavailable(`${host} cannot be reached (${reason})`);
  }
}

/** undici hears of an abort only once a connection stands; we do not wait for that. */
async function whileWanted(response: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  // What becomes of a request that nobody waits for is told to nobody.
  response.catch(() => undefined);
  return Promise.race([response, aborted]);
}

function skipped(host: string, reachability: Reachability): Answer {
  const reason = reachability.reasonToSkip(host) ?? `${host} was not waited for`;
  return { outcome: 'unavailable', reason, wasSkipped: true };
}

function remember(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
