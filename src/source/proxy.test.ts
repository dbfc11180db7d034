import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it, type TestContext } from 'node:test';
import { inParts, listen, makeAuthority, openFetchRig, PROXY_NAMES, pinOf, serve } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'authority-'));
after(() => rmSync(folder, { recursive: true }));
const authority = makeAuthority(join(folder, 'ca'));

afterEach(() => {
  for (const name of PROXY_NAMES) delete process.env[name];
});

/** A proxy of this machine that makes tunnels, and only to it; and where they were to lead. */
async function openProxy(t: TestContext, refusal?: string): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const proxy = createServer((_, response) => void response.writeHead(405).end());
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.on('connect', (request, client, head) => {
    tunnels.push(request.url ?? '');
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    sockets.add(server);
    // Either end may be gone before the other.
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${await listen(proxy)}`, tunnels };
}

describe('the proxy of the environment', () => {
  it('is what https goes through, in a tunnel', async (t) => {
    const rig = await openFetchRig(t);
    const url = await serve(t, authority.good, inParts);
    const proxy = await openProxy(t);
    process.env['https_proxy'] = proxy.url;
    assert.ok((await rig.fetch([pinOf(`${url}/grep`)])).ok);
    assert.deepEqual(proxy.tunnels, [new URL(url).host]);
  });

  it('is passed by where no_proxy says so', async (t) => {
    const rig = await openFetchRig(t);
    const url = await serve(t, authority.good, inParts);
    const proxy = await openProxy(t);
    process.env['HTTPS_PROXY'] = proxy.url;
    process.env['NO_PROXY'] = 'mirror.example,127.0.0.1';
    assert.ok((await rig.fetch([pinOf(`${url}/grep`)])).ok);
    assert.deepEqual(proxy.tunnels, []);
  });

  it('vouches for no certificate', async (t) => {
    const rig = await openFetchRig(t);
    const url = await serve(t, authority.selfSigned, inParts);
    const proxy = await openProxy(t);
    process.env['https_proxy'] = proxy.url;
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    t.after(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
    assert.equal((await rig.fetch([pinOf(`${url}/grep`)])).ok, false);
    assert.match(rig.reasons().join('\n'), /SELF_SIGNED/);
    assert.equal(proxy.tunnels.length, 1);
  });

  it('may refuse, or be gone: then its hosts cannot be reached', async (t) => {
    const rig = await openFetchRig(t);
    const url = await serve(t, authority.good, inParts);
    process.env['https_proxy'] = (await openProxy(t, '403 Forbidden')).url;
    assert.equal((await rig.fetch([pinOf(`${url}/grep`)])).ok, false);
    assert.match(rig.reasons().at(-1) ?? '', /cannot be reached \(.*\)/);
    process.env['https_proxy'] = 'http://127.0.0.1:1';
    assert.equal((await rig.fetch([pinOf(`${url}/grep`)])).ok, false);
    assert.match(rig.reasons().at(-1) ?? '', /cannot be reached \(ECONNREFUSED\)/);
  });

  it('that never answers is given up', async (t) => {
    const rig = await openFetchRig(t);
    const silent = createServer();
    silent.on('connect', (_, socket) => {
      t.after(() => socket.destroy());
      rig.clock.advance(30_000);
    });
    t.after(() => silent.close());
    process.env['https_proxy'] = `http://127.0.0.1:${await listen(silent)}`;
    assert.equal((await rig.fetch([pinOf('https://mirror.example/grep')])).ok, false);
    assert.match(rig.reasons().at(-1) ?? '', /sent nothing for 30 s/);
  });
});
