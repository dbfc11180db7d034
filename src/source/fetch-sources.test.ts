import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Digest, digestOfBytes, unwrap } from '#base';
import type { Event } from '#event';
import type { Origin, Pin } from '#recipe';
import { openStore, type Store } from '#store';
import { type Fetched, type FetchOptions, fetchSources } from './fetch-sources.ts';

const BYTES = Buffer.from('the right bytes');
const DIGEST = digestOfBytes(BYTES);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Rig = {
  readonly store: Store;
  readonly folder: string;
  readonly url: string;
  /** Paths that the server was asked for. */
  readonly asked: string[];
  readonly events: Event[];
  fetch(pins: readonly Pin[], options?: Partial<FetchOptions>): Promise<Fetched>;
};

/** A store, a folder, and a server on this machine that answers by path. */
async function openRig(t: TestContext, answers: Record<string, Answer> = {}): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'fetch-test-'));
  const asked: string[] = [];
  const events: Event[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers[path] ?? ((_, missing) => missing.writeHead(404).end());
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  const store = unwrap(await openStore(join(folder, 'store')));
  const fetch: Rig['fetch'] = (pins, options = {}) =>
    fetchSources(
      Map.groupBy(pins, (pin) => pin.name),
      store,
      {
        mirrors: new Map(),
        aptStateFolder: join(folder, 'apt'),
        emit: (event) => events.push(event),
        allowsLoopbackHttp: true,
        ...options,
      },
    );
  return {
    store,
    folder,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    events,
    fetch,
  };
}

const right: Answer = (_, response) => response.end(BYTES);
const wrong: Answer = (_, response) => response.end('the wrong bytes');

let line = 0;
function pin(origin: Origin, changes: Partial<Pin> = {}): Pin {
  line += 1;
  return { name: 'grep', version: '3.11', origin, digest: DIGEST, sizeBytes: BYTES.length, line, ...changes };
}
const https = (url: string): Origin => ({ kind: 'https', url, text: url });
const file = (path: string): Origin => ({ kind: 'file', path, text: `file:${path}` });
const mirror = (path: string): Origin => ({
  kind: 'mirror',
  list: 'gnu',
  path,
  text: `mirror://gnu/${path}`,
});

async function assertRefused(rig: Rig, fetched: Fetched, kind: string, message: RegExp): Promise<void> {
  assert.equal(fetched.ok, false);
  const [problem] = fetched.ok ? [] : fetched.problems;
  assert.equal(problem?.kind, kind);
  assert.match(`${problem?.message} ${problem?.details?.join('\n')}`, message);
  assert.equal(await rig.store.hasBlob(DIGEST), false);
  assert.deepEqual(await readdir(join(rig.folder, 'store', 'staging')), []);
}

test('what an origin gives is verified, and then in the store', async (t) => {
  const rig = await openRig(t, { '/grep.tar': right });
  const fetched = await rig.fetch([pin(https(`${rig.url}/grep.tar`))]);
  assert.ok(fetched.ok);
  assert.equal(fetched.value.get('grep')?.fetchedFrom?.text, `${rig.url}/grep.tar`);
  assert.deepEqual(await readFile(rig.store.blobPath(DIGEST)), BYTES);
  assert.deepEqual(
    rig.events.map((event) => event.type),
    ['sources-planned', 'source-started', 'source-progress', 'source-finished'],
  );
});

test('a source that is in the store is not fetched again, whichever of its pins means it', async (t) => {
  const rig = await openRig(t, { '/upstream': right });
  const repacked = Buffer.from('repacked');
  await writeFile(join(rig.folder, 'copy'), repacked);
  const other = { digest: digestOfBytes(repacked), sizeBytes: repacked.length };
  const pins = [pin(https(`${rig.url}/upstream`)), pin(file(join(rig.folder, 'copy')), other)];

  assert.ok((await rig.fetch(pins, { order: ['file'] })).ok);
  const again = await rig.fetch(pins);
  assert.ok(again.ok);
  assert.equal(again.value.get('grep')?.pin.digest, other.digest);
  assert.equal(again.value.get('grep')?.fetchedFrom, undefined);
  assert.deepEqual(rig.asked, []);
});

test('kinds of origins are tried in the order given, and within a kind as in the list', async (t) => {
  const rig = await openRig(t, { '/last': right });
  const pins = [
    pin(https(`${rig.url}/first`)),
    pin(mirror('mirrored')),
    pin(https(`${rig.url}/second`)),
    pin(file(join(rig.folder, 'nowhere'))),
    pin(https(`${rig.url}/last`)),
  ];
  const mirrors = new Map([['gnu', [`${rig.url}/gnu/`]]]);
  assert.ok((await rig.fetch(pins, { mirrors, order: ['file', 'mirror', 'https'] })).ok);
  assert.deepEqual(rig.asked, ['/gnu/mirrored', '/first', '/second', '/last']);
  const failed = rig.events.filter((event) => event.type === 'origin-failed').map((event) => event.reason);
  assert.match(failed[0] ?? '', /ENOENT/);
  assert.deepEqual(failed.slice(1), Array(3).fill('answered 404'));
});

test('the same bytes are always the same pin, whichever origin gave them', async (t) => {
  const rig = await openRig(t);
  await writeFile(join(rig.folder, 'copy'), BYTES);
  const pins = [pin(file(join(rig.folder, 'copy'))), pin(https(`${rig.url}/gone`))];
  const fetched = await rig.fetch(pins);
  const again = await rig.fetch(pins);
  assert.ok(fetched.ok && again.ok);
  assert.equal(fetched.value.get('grep')?.pin.origin.kind, 'https');
  assert.equal(fetched.value.get('grep')?.fetchedFrom?.kind, 'file');
  assert.deepEqual(again.value.get('grep')?.pin, fetched.value.get('grep')?.pin);
});

test('all hosts of a mirror list are asked before the next origin is', async (t) => {
  const rig = await openRig(t, { '/b/x.tar': right });
  const mirrors = new Map([['gnu', [`${rig.url}/a/`, `${rig.url}/b/`]]]);
  assert.ok((await rig.fetch([pin(mirror('x.tar'))], { mirrors })).ok);
  assert.equal(rig.asked.at(-1), '/b/x.tar');
});

test('wrong bytes are refused with both digests, the next origin is tried, and nothing is kept', async (t) => {
  const rig = await openRig(t, { '/wrong': wrong, '/right': right });
  const bad = pin(https(`${rig.url}/wrong`));
  const actual = digestOfBytes('the wrong bytes');
  await assertRefused(
    rig,
    await rig.fetch([bad]),
    'digest-mismatch',
    new RegExp(`${actual} instead of sha256:${DIGEST}`),
  );
  assert.equal(await rig.store.hasBlob(actual), false);
  assert.ok((await rig.fetch([bad, pin(https(`${rig.url}/right`))])).ok);
});

test('no more is read than the pin allows', async (t) => {
  let sent = 0;
  const endless: Answer = (_, response) => {
    const chunk = Buffer.alloc(65536);
    const send = (): void => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      sent += chunk.length;
    };
    response.on('drain', send);
    send();
  };
  const announced: Answer = (_, response) =>
    response.writeHead(200, { 'content-length': '99999' }).write('x');
  const rig = await openRig(t, { '/endless': endless, '/announced': announced });
  await assertRefused(
    rig,
    await rig.fetch([pin(https(`${rig.url}/endless`))]),
    'digest-mismatch',
    /more than 15 bytes/,
  );
  assert.ok(sent < 64 * 1024 * 1024);
  await assertRefused(
    rig,
    await rig.fetch([pin(https(`${rig.url}/announced`))]),
    'digest-mismatch',
    /99999 bytes/,
  );
});

test('a download that is too short or breaks off is refused', async (t) => {
  const short: Answer = (_, response) => response.end(BYTES.subarray(0, 5));
  const broken: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': String(BYTES.length) });
    response.write(BYTES.subarray(0, 5), () => response.destroy());
  };
  const rig = await openRig(t, { '/short': short, '/broken': broken });
  await assertRefused(
    rig,
    await rig.fetch([pin(https(`${rig.url}/short`))]),
    'digest-mismatch',
    /gave 5 bytes/,
  );
  await assertRefused(
    rig,
    await rig.fetch([pin(https(`${rig.url}/broken`))]),
    'source-unavailable',
    /broke off/,
  );
});

test('redirects are followed, but never to plain http, and not for ever', async (t) => {
  const to =
    (location: string): Answer =>
    (_, response) =>
      void response.writeHead(302, { location }).end();
  const rig = await openRig(t, {
    '/ok': to('/right'),
    '/right': right,
    '/down': to('http://example.org/x'),
    '/circle': to('/circle'),
  });
  await assertRefused(
    rig,
    await rig.fetch([pin(https(`${rig.url}/down`))]),
    'source-unavailable',
    /not https/,
  );
  await assertRefused(
    rig,
    await rig.fetch([pin(https(`${rig.url}/circle`))]),
    'source-unavailable',
    /redirects/,
  );
  assert.ok((await rig.fetch([pin(https(`${rig.url}/ok`))])).ok);
});

test('plain http is refused even on this machine unless a test asks for it', async (t) => {
  const rig = await openRig(t, { '/right': right });
  const fetched = await rig.fetch([pin(https(`${rig.url}/right`))], { allowsLoopbackHttp: false });
  await assertRefused(rig, fetched, 'source-unavailable', /not https/);
  assert.deepEqual(rig.asked, []);
});

test('a host that cannot be reached is tried once in a run', async (t) => {
  const rig = await openRig(t, { '/right': right });
  // Port 1 of this machine: nobody listens there.
  const dead = 'http://127.0.0.1:1';
  const pins = ['a', 'b'].flatMap((name) => [
    pin(https(`${dead}/${name}`), { name }),
    pin(https(`${rig.url}/right`), { name }),
  ]);
  assert.ok((await rig.fetch(pins, { atOnce: 1 })).ok);
  const failed = rig.events.filter((event) => event.type === 'origin-failed');
  assert.equal(failed.length, 1);
  assert.match(failed[0]?.reason ?? '', /cannot be reached \(ECONNREFUSED\)/);
});

test('every problem is told, with what each origin said', async (t) => {
  const rig = await openRig(t);
  const fetched = await rig.fetch([
    pin(https(`${rig.url}/a`), { name: 'a' }),
    pin(file('/nowhere/a'), { name: 'a' }),
    pin(https(`${rig.url}/b`), { name: 'b', digest: 'b'.repeat(64) as Digest }),
  ]);
  assert.ok(!fetched.ok);
  assert.deepEqual(
    fetched.problems.map((problem) => [problem.kind, problem.subject, problem.details?.length]),
    [
      ['source-unavailable', 'a', 2],
      ['source-unavailable', 'b', 1],
    ],
  );
});

test('a stopped run says so, and asks no further origin', async (t) => {
  const stop = new AbortController();
  const rig = await openRig(t, { '/slow': () => stop.abort(), '/right': right });
  const pins = [pin(https(`${rig.url}/slow`)), pin(https(`${rig.url}/right`))];
  await assertRefused(rig, await rig.fetch(pins, { signal: stop.signal }), 'interrupted', /stopped/);
  assert.deepEqual(rig.asked, ['/slow']);
});
