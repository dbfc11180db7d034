import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { digestOfBytes } from '#base';
import { openRig, type Rig } from '../rig.ts';

const PAGES: Record<string, string> = {
  '/toy/':
    '<a href="toy-1.9.tar.gz">a</a> <a href="toy-1.10.tar.gz">b</a> <a href="toy-2.0-rc1.tar.gz">c</a>',
  '/toy/toy-1.10.tar.gz': 'toy 1.10',
  '/same/': '<a href="same-3.tar.gz">a</a>',
};

let rig: Rig;
let server: Server;
let host = '';

/** A server that the program trusts by the environment, as it would trust a company's own. */
beforeEach(async () => {
  rig = await openRig();
  const [key, cert] = [join(rig.folder, 'key.pem'), join(rig.folder, 'cert.pem')];
  const words = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', key];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...words, ...names], { stdio: 'pipe' });
  process.env['NODE_EXTRA_CA_CERTS'] = cert;
  const identity = { key: await readFile(key), cert: await readFile(cert) };
  server = createServer(identity, ({ url = '' }, response) => {
    const page = PAGES[url];
    if (page === undefined) response.writeHead(404).end();
    else response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await rig.write('mirrors.list', `toys ${host}/\n`);
  await rig.write(
    'packages.list',
    [
      `toy 1.9 ${host}/toy/toy-1.9.tar.gz`,
      'same 3 mirror://toys/same/same-3.tar.gz',
      `dark 1 ${host}/dark/dark-1.tar.gz`,
    ]
      .map((line) => `${line} sha256:${digestOfBytes('x')} 1\n`)
      .join(''),
  );
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  delete process.env['NODE_EXTRA_CA_CERTS'];
  await rig[Symbol.asyncDispose]();
});

const pin = (...words: string[]) => rig.run('--config', rig.overlay, 'pin', ...words);

test('newer versions are listed where an origin can tell', async () => {
  const run = await pin('--check', 'toy', 'same', 'dark');
  assert.equal(run.exitCode, 0, run.stderr);
  assert.equal(
    run.stdout,
    [
      'toy 1.9 → 1.10',
      'same 3: the newest that its origins have',
      `dark 1: cannot tell (${host.slice('https://'.length)}: answered 404)`,
      '',
    ].join('\n'),
  );
  assert.match(run.stderr, /1 with newer versions, 1 without, 1 that no origin can tell of/);
});

test('for programs there is a line of JSON for each source', async () => {
  const run = await pin('--check', 'toy', 'dark', '--json');
  const [toy, dark] = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(toy, {
    type: 'pin-checked',
    name: 'toy',
    version: '1.9',
    newer: ['1.10'],
    cannotTell: [],
  });
  assert.equal(dark.newer, null);
  assert.equal(dark.cannotTell.length, 1);
});

test('what is not pinned, or may not be asked, is told', async () => {
  const unknown = await pin('--check', 'none');
  assert.equal(unknown.exitCode, 2);
  assert.match(unknown.stderr, /no source none[\s\S]*pin none VERSION URL/);
  const offline = await pin('--check', 'toy', '--offline');
  assert.equal(offline.exitCode, 2);
  assert.match(offline.stderr, /--offline/);
});

test('a version that was listed can be pinned from there', async () => {
  const run = await pin('toy', '1.10');
  assert.equal(run.exitCode, 0, run.stderr);
  const list = await readFile(join(rig.overlay, 'packages.list'), 'utf8');
  const pinned = `toy 1.10 ${host}/toy/toy-1.10.tar.gz sha256:${digestOfBytes('toy 1.10')} 8`;
  assert.equal(list.split('\n')[0], pinned);
});
