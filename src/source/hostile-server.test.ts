import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestOfBytes } from '#base';
import type { Origin } from '#recipe';
import type { DownloadLimits } from './download-watch.ts';
import { spread } from './fetch-mirror.ts';
import {
  type Answer,
  assertNothingKept,
  BYTES,
  breakAfter,
  type Certificate,
  DIGEST,
  type FetchRig,
  firstByteOf,
  HALF,
  listen,
  makeAuthority,
  openFetchRig,
  pinOf,
  right,
  serve,
} from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'authority-'));
after(() => rmSync(folder, { recursive: true }));
const authority = makeAuthority(join(folder, 'ca'));

const OLDER = Buffer.from(BYTES).fill('older', 0, HALF);

type Attack = {
  readonly name: string;
  readonly answer: (rig: FetchRig) => Answer;
  /** What is said of the origin. */
  readonly reason: RegExp;
  readonly certificate?: Certificate;
  readonly limits?: Partial<DownloadLimits>;
  /** Bytes that were never found wrong may stay, for a later origin. */
  readonly mayLeaveBytes?: boolean;
};

/** Does something each time that the client tells of bytes from this server. */
function whenBytesCome(rig: FetchRig, request: IncomingMessage, act: () => void): void {
  rig.onEvent = (event) => {
    if (event.type === 'source-progress' && event.origin.includes(request.headers.host ?? '')) act();
  };
}

const redirect =
  (location: string): Answer =>
  (_, response) =>
    void response.writeHead(302, { location }).end();

const ATTACKS: readonly Attack[] = [
  {
    name: 'other bytes of the same size, as an older version or a changed one has',
    answer: () => (_, response) => void response.end(OLDER),
    reason: new RegExp(`gave sha256:${digestOfBytes(OLDER)} instead of sha256:${DIGEST}`),
  },
  {
    name: 'an older version of another size under the right name',
    answer: () => (_, response) => void response.end(BYTES.subarray(0, HALF)),
    reason: /gave 131072 bytes instead of 262144 bytes/,
  },
  {
    name: 'an end that comes too early, and says that it is one',
    answer: () => (_, response) => {
      response.write(BYTES.subarray(0, HALF));
      response.end();
    },
    reason: /gave 131072 bytes instead of/,
  },
  {
    name: 'a connection that breaks, again and again at the same byte',
    answer: () => breakAfter(HALF),
    reason: /broke off/,
    mayLeaveBytes: true,
  },
  {
    name: 'a connection that breaks a byte later each time',
    answer: () => (request, response) => breakAfter(firstByteOf(request) + 1)(request, response),
    reason: /broke off/,
    mayLeaveBytes: true,
  },
  {
    name: 'bytes without an end',
    answer: () => (_, response) => {
      const send = (): void => {
        while (!response.destroyed && response.write(BYTES));
      };
      response.on('drain', send);
      send();
    },
    reason: /gave more than 262144 bytes/,
  },
  {
    name: 'a size that is announced and beyond the pin',
    answer: () => (_, response) =>
      void response.writeHead(200, { 'content-length': '999999999999' }).write('x'),
    reason: /gave 999999999999 bytes/,
  },
  {
    name: 'a byte now and then',
    answer: (rig) => (request, response) => {
      let sent = 0;
      whenBytesCome(rig, request, () => {
        rig.clock.advance(5000);
        sent += 1;
        response.write(BYTES.subarray(sent, sent + 1));
      });
      response.writeHead(200, { 'content-length': String(BYTES.length) });
      response.write(BYTES.subarray(0, 1));
    },
    reason: /broke off \(sent less than 60.0 KiB in 1 min 00 s\)/,
    mayLeaveBytes: true,
  },
  {
    name: 'just enough bytes not to be silent nor slow, for ever',
    answer: (rig) => (request, response) => {
      let sent = 0;
      whenBytesCome(rig, request, () => {
        rig.clock.advance(25_000);
        sent += 2;
        response.write(BYTES.subarray(sent, sent + 2));
      });
      response.writeHead(200, { 'content-length': String(BYTES.length) });
      response.write(BYTES.subarray(0, 2));
    },
    limits: { leastBytes: 2 },
    reason: /took longer than 30 min/,
    mayLeaveBytes: true,
  },
  {
    name: 'no answer at all',
    answer: (rig) => () => rig.clock.advance(30_000),
    reason: /sent nothing for 30 s/,
  },
  {
    name: 'half an answer, and then silence',
    answer: (rig) => (request, response) => {
      whenBytesCome(rig, request, () => rig.clock.advance(30_000));
      response.writeHead(200, { 'content-length': String(BYTES.length) });
      response.write(BYTES.subarray(0, HALF));
    },
    reason: /broke off \(sent nothing for 30 s\)/,
    mayLeaveBytes: true,
  },
  {
    name: 'headers without an end',
    answer: () => (_, response) => {
      const header = `x: ${'x'.repeat(8000)}\r\n`;
      response.socket?.on('drain', () => response.socket?.write(header));
      response.socket?.write(`HTTP/1.1 200 OK\r\n${header.repeat(50)}`);
    },
    reason: /cannot be reached \((UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)\)/,
  },
  { name: 'a redirect to http', answer: () => redirect('http://mirror.example/grep'), reason: /not https/ },
  {
    name: 'a redirect to http on this machine',
    answer: () => redirect('http://127.0.0.1/x'),
    reason: /not https/,
  },
  {
    name: 'a redirect to a file',
    answer: () => redirect('file:///etc/passwd'),
    reason: /led to file:.*not https/,
  },
  { name: 'a redirect to data', answer: () => redirect('data:,x'), reason: /led to data:.*not https/ },
  { name: 'a redirect to nowhere', answer: () => redirect('https://'), reason: /what is no address/ },
  { name: 'a circle of redirects', answer: () => redirect('/again'), reason: /more than 5 redirects/ },
  {
    name: 'an error',
    answer: () => (_, response) => void response.writeHead(503).end(BYTES),
    reason: /answered 503/,
  },
  {
    name: 'a part that nobody asked for',
    answer: () => (_, response) =>
      void response
        .writeHead(206, { 'content-range': `bytes 0-${BYTES.length - 1}/${BYTES.length}` })
        .end(BYTES),
    reason: /answered 206/,
  },
  {
    name: 'the right bytes compressed, although nobody asked for that',
    answer: () => (_, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BYTES)),
    reason: /gave \d+ bytes instead of/,
  },
  {
    name: 'a compressed bomb',
    answer: () => (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(8 * 1024 * 1024)));
    },
    reason: /gave \d+ bytes instead of/,
  },
  {
    name: 'half of the bytes, and other ones for the rest',
    answer: () => (request, response) =>
      (firstByteOf(request) === 0 ? breakAfter(HALF) : breakAfter(BYTES.length, Buffer.alloc(BYTES.length)))(
        request,
        response,
      ),
    reason: /gave sha256:[0-9a-f]{64} instead of/,
  },
  {
    name: 'half of the bytes, and the rest of something else that is longer',
    answer: () => (request, response) =>
      (firstByteOf(request) === 0
        ? breakAfter(HALF)
        : breakAfter(BYTES.length, Buffer.alloc(2 * BYTES.length)))(request, response),
    reason: /gave 524288 bytes instead of/,
    mayLeaveBytes: true,
  },
  {
    name: 'half of the bytes, and another part than was asked for',
    answer: () => (request, response) => {
      if (firstByteOf(request) === 0) breakAfter(HALF)(request, response);
      else
        response.writeHead(206, { 'content-range': `bytes 0-9/${BYTES.length}` }).end(BYTES.subarray(0, 10));
    },
    reason: /broke off/,
    mayLeaveBytes: true,
  },
  {
    name: 'half of the bytes, and a part of the rest without an end',
    answer: () => (request, response) => {
      const from = firstByteOf(request);
      if (from === 0) return breakAfter(HALF)(request, response);
      response.writeHead(206, { 'content-range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` });
      const send = (): void => {
        while (!response.destroyed && response.write(BYTES));
      };
      response.on('drain', send);
      send();
    },
    reason: /gave more than 262144 bytes/,
  },
  {
    name: 'half of the bytes, and then all of something else',
    answer: () => (request, response) =>
      firstByteOf(request) === 0 ? breakAfter(HALF)(request, response) : void response.end(OLDER),
    reason: /gave sha256:[0-9a-f]{64} instead of/,
  },
  {
    name: 'a certificate that nobody vouches for',
    answer: () => right,
    certificate: authority.selfSigned,
    reason: /cannot be reached \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
  },
  {
    name: 'a certificate that has expired',
    answer: () => right,
    certificate: authority.expired,
    reason: /cannot be reached \(CERT_HAS_EXPIRED\)/,
  },
  {
    name: 'a certificate of another host',
    answer: () => right,
    certificate: authority.forAnotherHost,
    reason: /cannot be reached \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
  },
];

describe('an origin is refused, nothing is kept, and the next one is tried:', () => {
  for (const attack of ATTACKS) {
    it(attack.name, async (t) => {
      const rig = await openFetchRig(t);
      const certificate = attack.certificate ?? authority.good;
      const bad = pinOf(`${await serve(t, certificate, attack.answer(rig))}/grep`);
      await refuse(rig, attack, bad.origin.text);
      const good = pinOf(`${await serve(t, authority.good, right)}/grep`);
      await goOn(rig, [bad, good], attack);
    });
  }

  it('silence before the first word of TLS', async (t) => {
    const rig = await openFetchRig(t);
    const bad = pinOf(await serveSilence(t, () => rig.clock.advance(30_000)));
    const attack = { reason: /cannot be reached \(sent nothing for 30 s\)/ };
    await refuse(rig, attack, bad.origin.text);
    await goOn(rig, [bad, pinOf(`${await serve(t, authority.good, right)}/grep`)], attack);
  });

  it('whatever the environment says of certificates', async (t) => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    t.after(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
    const rig = await openFetchRig(t);
    await refuse(rig, { reason: /SELF_SIGNED/ }, `${await serve(t, authority.selfSigned, right)}/grep`);
  });
});

describe('a machine without internet', () => {
  it('waits for four silent hosts at once, each asked once, and for no more', async (t) => {
    const rig = await openFetchRig(t);
    const asked: number[] = [];
    const mirrors = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        serveSilence(t, () => {
          asked.push(index);
          if (asked.length === 4) rig.clock.advance(30_000);
        }),
      ),
    );
    // All of them would rather have the first one.
    const names = Array.from({ length: 300 }, (_, index) => `source-${index}`)
      .filter((name) => spread(mirrors, name)[0] === mirrors[0])
      .slice(0, 20);
    const origin: Origin = { kind: 'mirror', list: 'gnu', path: 'x', text: 'mirror://gnu/x' };
    const pins = names.map((name) => pinOf('', { name, origin }));
    const fetched = await rig.fetch(pins, { mirrors: new Map([['gnu', mirrors]]) });
    assert.ok(!fetched.ok);
    assert.equal(fetched.problems.length, 20);
    assert.deepEqual(asked.toSorted(), [0, 1, 2, 3]);
  });
});

/** Fetched from this origin alone. */
async function refuse(
  rig: FetchRig,
  { reason, mayLeaveBytes, limits = {} }: Omit<Attack, 'name' | 'answer'>,
  url: string,
) {
  const fetched = await rig.fetch([pinOf(url)], { limits });
  assert.equal(fetched.ok, false);
  assert.match(rig.reasons().join('\n'), reason);
  await assertNothingKept(rig);
  if (mayLeaveBytes !== true) assert.deepEqual(await rig.partialFiles(), []);
}

/** Fetched from this origin and another one: from the other one. */
async function goOn(
  rig: FetchRig,
  pins: ReturnType<typeof pinOf>[],
  { reason, limits = {} }: Omit<Attack, 'name' | 'answer'>,
) {
  rig.events.length = 0;
  const fetched = await rig.fetch(pins, { limits });
  assert.ok(fetched.ok);
  assert.equal(fetched.value.get('grep')?.fetchedFrom?.text, pins[1]?.origin.text);
  assert.match(rig.reasons().join('\n'), reason);
  assert.equal(await rig.store.hasBlob(DIGEST), true);
  assert.deepEqual(await rig.partialFiles(), []);
}

/** A server that takes connections, and never says a word. */
async function serveSilence(t: TestContext, onConnection: () => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    t.after(() => socket.destroy());
    onConnection();
  });
  t.after(() => server.close());
  return `https://127.0.0.1:${await listen(server)}/`;
}
