import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import * as openpgp from 'openpgp';
import { type Digest, digestOfBytes, type Problem, unwrap } from '#base';
import type { Event } from '#event';
import type { Origin, Pin, PinnedSignature } from '#recipe';
import { openStore, type Store } from '#store';
import { type Fetched, type FetchOptions, fetchSources } from './fetch-sources.ts';

/** When throw-away keys are made and sign, unless a test says otherwise. */
export const KEY_MADE = new Date('2020-01-01T00:00:00Z');
export const SIGNED = new Date('2022-06-01T00:00:00Z');

/** A throw-away key. */
export async function makeKey(
  name: string,
  options: Omit<Parameters<typeof openpgp.generateKey>[0], 'userIDs' | 'format'> = {},
): Promise<openpgp.PrivateKey> {
  const made = await openpgp.generateKey({
    userIDs: [{ name, email: `${name}@example.org` }],
    date: KEY_MADE,
    ...options,
    format: 'object' as const,
  });
  return made.privateKey;
}

/** The detached signature of bytes by keys. */
export async function sign(
  bytes: Uint8Array,
  keys: openpgp.PrivateKey | openpgp.PrivateKey[],
  options: { readonly date?: Date; readonly config?: openpgp.PartialConfig } = {},
): Promise<Uint8Array> {
  const message = await openpgp.createMessage({ binary: bytes });
  const { date = SIGNED, config = {} } = options;
  return openpgp.sign({ message, signingKeys: keys, detached: true, format: 'binary', date, config });
}

/** The fingerprint of a key as a list has it. */
export function fingerprintOf(key: openpgp.Key): string {
  return key.getFingerprint().toUpperCase();
}

/** Keys in one armor, as a keyring has them. */
export function keyringOf(keys: readonly openpgp.Key[]): string {
  const packets = Buffer.concat(keys.map((key) => key.toPublic().write()));
  return openpgp.armor(openpgp.enums.armor.publicKey, packets);
}

/** What the server gives, or what it does instead. */
export type Served = Uint8Array | ((response: ServerResponse) => void);

/** A store, a keyring, and a server on this machine that gives what it is told to by path. */
export type SignedRig = {
  readonly store: Store;
  readonly folder: string;
  readonly url: string;
  /** What the server gives by path; anything else is answered by 404. */
  readonly served: Map<string, Served>;
  readonly asked: string[];
  readonly events: Event[];
  /** What a list would say of the source `grep`, with a keyring of these keys. */
  pinSignature(keys: readonly openpgp.Key[], changes?: Partial<PinnedSignature>): Promise<PinnedSignature>;
  fetch(pins: readonly Pin[], signature: PinnedSignature, options?: Partial<FetchOptions>): Promise<Fetched>;
  /** The one problem of a fetch that failed and left nothing behind. */
  refusal(fetched: Fetched, digest: Digest): Promise<Problem>;
};

/** Opens a rig that ends with the test. */
export async function openSignedRig(t: TestContext): Promise<SignedRig> {
  const folder = await mkdtemp(join(tmpdir(), 'signature-test-'));
  const served = new Map<string, Served>();
  const asked: string[] = [];
  const events: Event[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const given = served.get(path);
    if (given === undefined) response.writeHead(404).end();
    else if (typeof given === 'function') given(response);
    else response.end(given);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const store = unwrap(await openStore(join(folder, 'store')));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyring = join(folder, 'keys', 'grep.asc');
  return {
    ...{ store, folder, url, served, asked, events },
    pinSignature: async (keys, changes = {}) => {
      await mkdir(join(folder, 'keys'), { recursive: true });
      await writeFile(keyring, keyringOf(keys));
      const fingerprints = keys.map(fingerprintOf);
      const place = 'signatures.list:7';
      return {
        ...{ name: 'grep', location: '.sig', covers: 'file', keyring, fingerprints, exceptions: [], place },
        ...changes,
      };
    },
    fetch: (pins, signature, options = {}) =>
      fetchSources(new Map([['grep', pins]]), store, {
        mirrors: new Map(),
        signatures: new Map([['grep', signature]]),
        aptStateFolder: join(folder, 'apt'),
        emit: (event) => events.push(event),
        allowsLoopbackHttp: true,
        ...options,
      }),
    refusal: async (fetched, digest) => {
      const problem = fetched.ok ? undefined : fetched.problems[0];
      if (problem === undefined) throw new Error('It was fetched');
      const left = [
        ...(await readdir(join(folder, 'store', 'staging'))),
        ...(await readdir(join(folder, 'store', 'state', 'signatures'))),
        ...((await store.hasBlob(digest)) ? [digest] : []),
      ];
      if (left.length > 0) throw new Error(`It left ${left.join(', ')}`);
      return problem;
    },
  };
}

let line = 0;

/** A pin of these bytes. */
export function pinOf(bytes: Uint8Array, origin: Origin): Pin {
  line += 1;
  return {
    ...{ name: 'grep', version: '3.11', origin, line },
    ...{ digest: digestOfBytes(bytes), sizeBytes: bytes.length },
  };
}

export function webOrigin(url: string): Origin {
  return { kind: 'https', url, text: url };
}

export function fileOrigin(path: string): Origin {
  return { kind: 'file', path, text: `file:${path}` };
}
