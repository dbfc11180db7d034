import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setDefaultCACertificates } from 'node:tls';
import { digestOfBytes, unwrap } from '#base';
import type { Event } from '#event';
import type { Origin, Pin } from '#recipe';
import { openStore, type Store } from '#store';
import type { Clock } from './clock.ts';
import { type Fetched, type FetchOptions, fetchSources } from './fetch-sources.ts';

/** The proxies of a machine, which the tests of this one machine do without. */
export const PROXY_NAMES = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [
  name,
  name.toUpperCase(),
]);
for (const name of PROXY_NAMES) delete process.env[name];

/** What the tests fetch: of several chunks, and no two parts of it are alike. */
export const BYTES = Buffer.from(
  Array.from({ length: 4096 }, (_, index) => digestOfBytes(String(index))).join(''),
);
export const DIGEST = digestOfBytes(BYTES);
export const HALF = BYTES.length / 2;

/** A clock that stands still until it is told how much time goes by; then what is due is done, in order. */
export type ManualClock = Clock & { advance(stepMs: number): void };

export function manualClock(): ManualClock {
  let nowMs = 0;
  let waiting: { readonly atMs: number; readonly act: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after: (delayMs, act) => {
      const one = { atMs: nowMs + delayMs, act };
      waiting.push(one);
      const forget = (): void => {
        waiting = waiting.filter((other) => other !== one);
      };
      return { [Symbol.dispose]: forget };
    },
    advance: (stepMs) => {
      const endMs = nowMs + stepMs;
      for (;;) {
        const next = waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined || next.atMs > endMs) break;
        waiting = waiting.filter((other) => other !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.act();
      }
      nowMs = endMs;
    },
  };
}

/** A key and its certificate, both as PEM. */
export type Certificate = { readonly key: string; readonly cert: string };

/** Certificates of one throw-away authority, which this process trusts and no other does. */
export type Authority = {
  /** For 127.0.0.1. */
  readonly good: Certificate;
  readonly expired: Certificate;
  readonly forAnotherHost: Certificate;
  readonly selfSigned: Certificate;
};

export function makeAuthority(folder: string): Authority {
  mkdirSync(folder);
  const openssl = (...argv: string[]): void =>
    void execFileSync('openssl', argv, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const selfSign = (name: string): Certificate => {
    const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-days',
      '2',
      ...names,
    );
    return read(folder, name);
  };
  const sign = (name: string, altName: string, days: string): Certificate => {
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${altName}\n`);
    const authority = ['-CA', 'authority.pem', '-CAkey', 'authority.key'];
    const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.ext`];
    openssl('x509', '-req', ...files, ...authority, '-days', days);
    return read(folder, name);
  };
  setDefaultCACertificates([selfSign('authority').cert]);
  return {
    good: sign('good', 'IP:127.0.0.1', '2'),
    expired: sign('expired', 'IP:127.0.0.1', '-1'),
    forAnotherHost: sign('another', 'DNS:mirror.example', '2'),
    selfSigned: selfSign('self'),
  };
}

function read(folder: string, name: string): Certificate {
  const textOf = (suffix: string): string => readFileSync(join(folder, `${name}.${suffix}`), 'utf8');
  return { key: textOf('key'), cert: textOf('pem') };
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export const right: Answer = (_, response) => void response.end(BYTES);

/** Answers a request for a part with the part, as servers do. */
export const inParts: Answer = (request, response) => {
  const from = firstByteOf(request);
  if (from === 0) return right(request, response);
  const range = `bytes ${from}-${BYTES.length - 1}/${BYTES.length}`;
  response.writeHead(206, { 'content-range': range }).end(BYTES.subarray(from));
};

/** Promises the whole, sends so much of it, and breaks the connection. */
export function breakAfter(sizeBytes: number, bytes = BYTES): Answer {
  return (request, response) => {
    const from = firstByteOf(request);
    const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(from === 0 ? 200 : 206, {
      'content-length': String(bytes.length - from),
      ...(from === 0 ? {} : range),
    });
    response.write(bytes.subarray(from, sizeBytes), () => response.destroy());
  };
}

/** Where the part begins that is asked for; 0 for the whole. */
export function firstByteOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** An HTTPS server of this machine that gives one answer, whatever it is asked for. */
export async function serve(t: TestContext, certificate: Certificate, answer: Answer): Promise<string> {
  const server = createServer(certificate, answer);
  // Who refuses our certificate is gone in the middle of the handshake.
  server.on('tlsClientError', () => undefined);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${await listen(server)}`;
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A store with nothing in it, and what fetches into it. */
export type FetchRig = {
  readonly store: Store;
  readonly folder: string;
  readonly clock: ManualClock;
  readonly events: Event[];
  /** Called at each event, when a test has something to do then. */
  onEvent: (event: Event) => void;
  fetch(pins: readonly Pin[], options?: Partial<FetchOptions>): Promise<Fetched>;
  /** Sizes of what is kept of broken downloads. */
  partialFiles(): Promise<readonly string[]>;
  /** Why origins failed. */
  reasons(): readonly string[];
};

export async function openFetchRig(t: TestContext): Promise<FetchRig> {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const store = unwrap(await openStore(join(folder, 'store')));
  const clock = manualClock();
  const events: Event[] = [];
  const rig: FetchRig = {
    ...{ store, folder, clock, events },
    onEvent: () => undefined,
    fetch: (pins, options = {}) => {
      const emit = (event: Event): void => {
        events.push(event);
        rig.onEvent(event);
      };
      const byName = Map.groupBy(pins, (pin) => pin.name);
      return fetchSources(byName, store, {
        ...{ mirrors: new Map(), aptStateFolder: join(folder, 'apt'), emit, clock },
        ...options,
        limits: { pauseMs: 0, ...options.limits },
      });
    },
    partialFiles: async () => readdir(await store.stateFolder('partial')),
    reasons: () => events.flatMap((event) => (event.type === 'origin-failed' ? [event.reason] : [])),
  };
  return rig;
}

/** Nothing is in the store that was not there before: no blob, and nothing in the making. */
export async function assertNothingKept({ store, folder }: FetchRig): Promise<void> {
  assert.equal(await store.hasBlob(DIGEST), false);
  const kept = await readdir(join(folder, 'store'), { recursive: true });
  assert.deepEqual(
    kept.filter((path) => /^(blobs|staging|quarantine)\/./.test(path)),
    [],
  );
}

let line = 0;

/** A pin of `BYTES`, at an address unless its origin is given. */
export function pinOf(url: string, changes: Partial<Pin> = {}): Pin {
  line += 1;
  const origin: Origin = { kind: 'https', url, text: url };
  return { name: 'grep', version: '3.11', origin, digest: DIGEST, sizeBytes: BYTES.length, line, ...changes };
}
