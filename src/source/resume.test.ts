import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import type { Pin } from '#recipe';
import type { Clock } from './clock.ts';
import {
  type Answer,
  BYTES,
  breakAfter,
  DIGEST,
  type FetchRig,
  firstByteOf,
  HALF,
  inParts,
  makeAuthority,
  openFetchRig,
  pinOf,
  right,
  serve,
} from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'authority-'));
after(() => rmSync(folder, { recursive: true }));
const { good } = makeAuthority(join(folder, 'ca'));

/** Answers in turn, the last one for ever; and where each request wanted to begin. */
async function serveInTurn(t: TestContext, ...answers: Answer[]) {
  const begins: number[] = [];
  const url = await serve(t, good, (request, response) => {
    begins.push(firstByteOf(request));
    const answer = answers[Math.min(begins.length, answers.length) - 1];
    answer?.(request, response);
  });
  return { url: `${url}/`, begins };
}

const breaks = breakAfter(HALF);
const whole: Answer = (request, response) => right(request, response);
const noSuchPart: Answer = (_, response) => void response.writeHead(416).end();

describe('a download that broke off goes on', () => {
  it('at the same address', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, breaks, breakAfter(HALF + 1000), inParts);
    await assertFetched(rig, [pinOf(url)]);
    assert.deepEqual(begins, [0, HALF, HALF + 1000]);
  });

  it('at the next mirror, and at the next origin of the same bytes', async (t) => {
    const rig = await openFetchRig(t);
    const first = await serveInTurn(t, breaks, (_, response) => void response.writeHead(404).end());
    const second = await serveInTurn(t, breakAfter(HALF + 1000), noAnswer);
    const third = await serveInTurn(t, inParts);
    const mirrored = pinOf('', {
      origin: { kind: 'mirror', list: 'gnu', path: 'x', text: 'mirror://gnu/x' },
    });
    const mirrors = new Map([['gnu', [first.url]]]);
    await assertFetched(rig, [mirrored, pinOf(second.url), pinOf(third.url)], { mirrors });
    assert.deepEqual(
      [first.begins, second.begins, third.begins],
      [[0, HALF], [HALF, HALF + 1000], [HALF + 1000]],
    );
  });

  it('after a pause that grows, or ends when the run is stopped', async (t) => {
    const rig = await openFetchRig(t);
    const stop = new AbortController();
    const server = await serveInTurn(t, breaks, breakAfter(HALF + 1000), breakAfter(HALF + 2000), noAnswer);
    const pauses: number[] = [];
    const clock: Clock = {
      nowMs: rig.clock.nowMs,
      after: (delayMs, act) => {
        if (delayMs % 7 !== 0) return rig.clock.after(delayMs, act);
        pauses.push(delayMs);
        if (pauses.length === 3) stop.abort();
        else act();
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const options = { clock, limits: { pauseMs: 7 }, signal: stop.signal };
    assert.equal((await rig.fetch([pinOf(server.url)], options)).ok, false);
    assert.deepEqual(pauses, [7, 14, 21]);
    assert.deepEqual(server.begins, [0, HALF, HALF + 1000]);
  });

  it('in the next run', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, breaks, noAnswer, inParts);
    await assertBroken(rig, [pinOf(url)]);
    await assertFetched(rig, [pinOf(url)]);
    assert.deepEqual(begins, [0, HALF, HALF]);
  });

  it('when it was the run that was stopped', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, stopsShort, inParts);
    const stop = new AbortController();
    rig.onEvent = ({ type }) => {
      if (type === 'source-progress') stop.abort();
    };
    assert.equal((await rig.fetch([pinOf(url)], { signal: stop.signal })).ok, false);
    assert.deepEqual(await rig.partialFiles(), [DIGEST]);
    await assertFetched(rig, [pinOf(url)]);
    assert.ok((begins[1] ?? 0) > 0);
  });

  it('and tells of what was there before', async (t) => {
    const rig = await openFetchRig(t);
    const { url } = await serveInTurn(t, inParts);
    await leavePartial(rig, BYTES.subarray(0, HALF));
    await assertFetched(rig, [pinOf(url)]);
    const progress = rig.events.filter((event) => event.type === 'source-progress');
    assert.ok((progress[0]?.receivedBytes ?? 0) > HALF);
    assert.equal(progress[0]?.sizeBytes, BYTES.length);
  });

  it('and tells nothing of it where nobody wants to know', async (t) => {
    const rig = await openFetchRig(t);
    const { url } = await serveInTurn(t, inParts);
    await assertFetched(rig, [pinOf(url)], { tellsProgress: false });
    assert.ok(rig.events.every(({ type }) => type !== 'source-progress'));
  });

  it('and tells of it four times a second at most', async (t) => {
    const rig = await openFetchRig(t);
    const { url } = await serveInTurn(t, inParts);
    // The clock stands still: there is one time to tell at.
    await assertFetched(rig, [pinOf(url)]);
    assert.equal(rig.events.filter(({ type }) => type === 'source-progress').length, 1);
  });

  it('not when another one of the same run has its bytes: then it has its own', async (t) => {
    const rig = await openFetchRig(t);
    const { url } = await serveInTurn(t, inParts);
    assert.ok((await rig.fetch([pinOf(url, { name: 'a' }), pinOf(url, { name: 'b' })])).ok);
  });
});

describe('a download begins anew', () => {
  for (const [name, ...answers] of [
    ['a server that has no parts', whole],
    ['a server that does not know this part', noSuchPart, whole],
    ['a server that gives another part', otherPart, whole],
    ['a server whose part has no place', partWithoutPlace, whole],
  ] as const) {
    it(`at ${name}`, async (t) => {
      const rig = await openFetchRig(t);
      const { url, begins } = await serveInTurn(t, ...answers);
      await leavePartial(rig, BYTES.subarray(0, HALF));
      await assertFetched(rig, [pinOf(url)]);
      assert.deepEqual(begins, [HALF, 0].slice(0, answers.length));
    });
  }

  it('when the bytes that were here turn out wrong, before the origin is blamed', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, inParts);
    await leavePartial(rig, Buffer.alloc(HALF));
    await assertFetched(rig, [pinOf(url)]);
    assert.deepEqual(begins, [HALF, 0]);
    assert.deepEqual(rig.reasons(), []);
  });

  it('when a mirror gave a wrong part and then broke off', async (t) => {
    const rig = await openFetchRig(t);
    const bad = await serveInTurn(t, breakAfter(HALF, Buffer.alloc(BYTES.length)), noAnswer);
    const next = await serveInTurn(t, inParts);
    await assertFetched(rig, [pinOf(bad.url), pinOf(next.url)]);
    assert.deepEqual(next.begins, [HALF, 0]);
  });

  it('when more is here than the pin allows', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, inParts);
    await leavePartial(rig, Buffer.concat([BYTES, BYTES]));
    await assertFetched(rig, [pinOf(url)]);
    assert.deepEqual(begins, [0]);
  });

  it('once only: what is wrong from the beginning is refused, and not kept', async (t) => {
    const rig = await openFetchRig(t);
    const zeros = Buffer.alloc(BYTES.length);
    const { url, begins } = await serveInTurn(t, breakAfter(BYTES.length, zeros));
    await leavePartial(rig, BYTES.subarray(0, HALF));
    const fetched = await rig.fetch([pinOf(url)]);
    assert.equal(fetched.ok ? '' : fetched.problems[0]?.kind, 'digest-mismatch');
    assert.deepEqual(begins, [HALF, 0]);
    assert.deepEqual(await rig.partialFiles(), []);
  });
});

describe('bytes that are here already', () => {
  it('are not asked for again when they are the whole', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, noAnswer);
    await leavePartial(rig, BYTES);
    await assertFetched(rig, [pinOf(url)]);
    assert.deepEqual(begins, []);
  });

  it('stay while nobody answers', async (t) => {
    const rig = await openFetchRig(t);
    await leavePartial(rig, BYTES.subarray(0, HALF));
    await assertBroken(rig, [pinOf('https://127.0.0.1:1/')]);
  });

  it('are no longer kept when the source came from elsewhere', async (t) => {
    const rig = await openFetchRig(t);
    await leavePartial(rig, BYTES.subarray(0, HALF));
    const path = join(rig.folder, 'copy');
    await writeFile(path, BYTES);
    await assertFetched(rig, [pinOf('', { origin: { kind: 'file', path, text: `file:${path}` } })]);
  });

  it('are the right ones also where the pin does not know the size', async (t) => {
    const rig = await openFetchRig(t);
    const { url, begins } = await serveInTurn(t, inParts);
    await leavePartial(rig, BYTES.subarray(0, HALF));
    await assertFetched(rig, [pinOf(url, { sizeBytes: undefined })]);
    assert.deepEqual(begins, [HALF]);
  });
});

it('a server that says of its bytes that they are compressed, and they are not, is believed by the digest', async (t) => {
  const rig = await openFetchRig(t);
  const { url } = await serveInTurn(
    t,
    (_, response) => void response.writeHead(200, { 'content-encoding': 'x-gzip' }).end(BYTES),
  );
  await assertFetched(rig, [pinOf(url)]);
});

function noAnswer(...[, response]: Parameters<Answer>): void {
  response.writeHead(503).end();
}

function stopsShort(...[, response]: Parameters<Answer>): void {
  response.writeHead(200, { 'content-length': String(BYTES.length) }).write(BYTES.subarray(0, HALF));
}

function otherPart(...[, response]: Parameters<Answer>): void {
  response.writeHead(206, { 'content-range': `bytes 0-9/${BYTES.length}` }).end(BYTES.subarray(0, 10));
}

function partWithoutPlace(...[, response]: Parameters<Answer>): void {
  response.writeHead(206).end(BYTES.subarray(HALF));
}

/** As an earlier run leaves it. */
async function leavePartial({ store }: FetchRig, bytes: Uint8Array): Promise<void> {
  await writeFile(join(await store.stateFolder('partial'), DIGEST), bytes);
}

async function assertFetched(
  rig: FetchRig,
  pins: readonly Pin[],
  options: Parameters<FetchRig['fetch']>[1] = {},
): Promise<void> {
  const fetched = await rig.fetch(pins, options);
  assert.ok(fetched.ok, JSON.stringify(rig.events));
  assert.equal(await rig.store.hasBlob(DIGEST), true);
  assert.deepEqual(await rig.partialFiles(), []);
}

async function assertBroken(rig: FetchRig, pins: readonly Pin[]): Promise<void> {
  const fetched = await rig.fetch(pins);
  assert.equal(fetched.ok ? '' : fetched.problems[0]?.kind, 'source-unavailable');
  assert.equal(await rig.store.hasBlob(DIGEST), false);
  assert.deepEqual(await rig.partialFiles(), [DIGEST]);
}
