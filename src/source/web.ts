import type { Socket } from 'node:net';
import { buildConnector, EnvHttpProxyAgent, request } from 'undici';
import { type Answer, unavailable } from './answer.ts';
import type { Clock } from './clock.ts';
import type { DownloadLimits, DownloadWatch } from './download-watch.ts';
import { isNetworkError, reasonOf } from './network-error.ts';
import type { Reachability } from './reachability.ts';

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

/** The response of an address once its headers are here, or why there is none; then its host is not asked again. */
export async function askWeb(
  address: URL,
  behindBytes: number,
  { web, watch }: { readonly web: Web; readonly watch: DownloadWatch },
): Promise<Response | Answer> {
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
    const reason = watch.gaveUp()?.reason ?? reasonOf(error);
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
