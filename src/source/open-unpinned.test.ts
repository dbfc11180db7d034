import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { digestOfBytes, unwrap } from '#base';
import type { Origin, Pin } from '#recipe';
import { openStore } from '#store';
import { openUnpinned } from './open-unpinned.ts';

const BYTES = 'bytes that nobody knows yet';

/** Origins over a store, with a server on this machine that answers by path. */
async function openRig(t: TestContext, pages: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'unpinned-test-'));
  const server = createServer(({ url = '' }, response) => {
    const page = pages[url];
    if (page === undefined) response.writeHead(404).end();
    else if (page.startsWith('→')) response.writeHead(302, { location: page.slice(1) }).end();
    else response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = unwrap(await openStore(join(folder, 'store')));
  const sources = await openUnpinned(store, {
    mirrors: new Map([['gnu', [`${host}/missing/`, `${host}/gnu/`]]]),
    aptStateFolder: join(folder, 'apt'),
    allowsLoopbackHttp: true,
  });
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { folder, host, store, sources };
}

const https = (url: string): Origin => ({ kind: 'https', url, text: url });
const mirror = (path: string): Origin => ({
  kind: 'mirror',
  list: 'gnu',
  path,
  text: `mirror://gnu/${path}`,
});
const pin = (version: string, origin: Origin): Pin => ({
  name: 'x',
  version,
  origin,
  digest: digestOfBytes(BYTES),
  sizeBytes: 1,
  line: 1,
});

test('bytes are measured, and enter the store only when they are kept', async (t) => {
  const { folder, host, store, sources } = await openRig(t, {
    '/x-1.tar': '→/other/x-1.tar',
    '/other/x-1.tar': BYTES,
    '/gnu/x-1.tar': BYTES,
  });
  await writeFile(join(folder, 'x-1.tar'), BYTES);
  const file: Origin = { kind: 'file', path: join(folder, 'x-1.tar'), text: 'file:x-1.tar' };
  for (const origin of [https(`${host}/x-1.tar`), mirror('x-1.tar'), file]) {
    const staged = unwrap(await sources.fetch('x', origin));
    assert.deepEqual([staged.digest, staged.sizeBytes], [digestOfBytes(BYTES), BYTES.length]);
    assert.equal(await store.hasBlob(staged.digest), false);
  }
  const staged = unwrap(await sources.fetch('x', file));
  await sources.keep(staged);
  assert.equal(await readFile(store.blobPath(staged.digest), 'utf8'), BYTES);
  await sources[Symbol.asyncDispose]();
  assert.deepEqual(await readdir(join(folder, 'store', 'staging')), []);
});

test('an origin that gives nothing says why', async (t) => {
  const { folder, host, sources } = await openRig(t, {
    '/empty.tar': '',
    '/down.tar': '→http://a.example/down.tar',
    '/round.tar': '→/round.tar',
  });
  const reasons: readonly (readonly [Origin, RegExp])[] = [
    [https(`${host}/none.tar`), /answered 404/],
    [https(`${host}/empty.tar`), /gave nothing/],
    [https(`${host}/down.tar`), /which is not https/],
    [https(`${host}/round.tar`), /more than 5 redirects/],
    [mirror('none.tar'), /^mirror:\/\/gnu\/none\.tar: answered 404$/],
    [{ kind: 'mirror', list: 'other', path: 'x', text: 'mirror://other/x' }, /no list other/],
    [{ kind: 'file', path: join(folder, 'none'), text: 'file:none' }, /ENOENT/],
    [{ kind: 'file', path: folder, text: 'file:.' }, /EISDIR/],
  ];
  for (const [origin, reason] of reasons) {
    const answer = await sources.fetch('x', origin);
    assert.match(answer.ok ? '' : answer.problem.message, reason);
  }
});

test('a listing tells newer versions, the newest first', async (t) => {
  const page = `<a href="../">up</a><a href='x-1.9.tar.gz'>x</a><A HREF=x-1.10.tar.xz>x</A>
    <a href="/x/x-1.8.tar.gz?download=1">x</a><a href="x-2.0-rc1.tar.xz">x</a><a href="x-1.10.tar.xz.sig">s</a>
    <a href="libx-3.0.tar.gz">l</a><a href="x%2D1.9.1.tar.gz">x</a>`;
  const { host, sources } = await openRig(t, { '/x/': page, '/gnu/x/': page });
  for (const origin of [https(`${host}/x/x-1.9.tar.gz`), mirror('x/x-1.9.tar.gz')]) {
    assert.deepEqual(await sources.newerVersions([pin('1.9', origin)]), { versions: ['1.10', '1.9.1'] });
  }
  const before = https(`${host}/x/x-1.9-rc3.tar.gz`);
  assert.deepEqual(await sources.newerVersions([pin('1.9-rc3', before)]), {
    versions: ['2.0-rc1', '1.10', '1.9.1', '1.9'],
  });
});

test('folders of versions and of series are looked through', async (t) => {
  const { host, sources } = await openRig(t, {
    '/gcc/': '<a href="gcc-14.2.0/">a</a><a href="gcc-15.1.0/">b</a>',
    '/linux/': '<a href="v2.40/">a</a><a href="v2.41/">b</a>',
    '/linux/v2.40/': '<a href="u-2.40.4.tar.xz">a</a><a href="u-2.40.5.tar.xz">b</a>',
  });
  const gcc = https(`${host}/gcc/gcc-14.2.0/gcc-14.2.0.tar.xz`);
  assert.deepEqual(await sources.newerVersions([pin('14.2.0', gcc)]), { versions: ['15.1.0'] });
  const linux = https(`${host}/linux/v2.40/u-2.40.4.tar.xz`);
  assert.deepEqual(await sources.newerVersions([pin('2.40.4', linux)]), { versions: ['2.41', '2.40.5'] });
});

test('where no origin can tell, each says why', async (t) => {
  const { host, folder, sources } = await openRig(t, { '/page/': '<a href="news.html">News</a>' });
  const origins: readonly Origin[] = [
    https(`${host}/page/x-1.0.tar.gz`),
    https(`${host}/none/x-1.0.tar.gz`),
    https(`${host}/latest.tar.gz`),
    { kind: 'file', path: join(folder, 'x-1.0.tar'), text: 'file:x-1.0.tar' },
  ];
  const answer = await sources.newerVersions(origins.map((origin) => pin('1.0', origin)));
  assert.ok('cannotTell' in answer);
  for (const [index, reason] of [/no listing/, /404/, /does not name/, /file of this machine/].entries()) {
    assert.match(answer.cannotTell[index] ?? '', reason);
  }
});
