import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, link, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SandboxHost } from '#sandbox';
import { openStore } from '#store';
import { openTools } from './image-tools.ts';

const isRoot = process.getuid?.() === 0;
// The kernel's overflow user (user_namespaces(7)): there is nobody less privileged.
const ids = isRoot ? [65534, 65534] : [process.getuid?.(), process.getgid?.()];
const host: SandboxHost = {
  asRoot: isRoot,
  user: { uid: Number(ids[0]), gid: Number(ids[1]) },
  mountPoint: '/mnt',
  toolFolders: ['/etc/alternatives'],
};

function whyNoSandbox(): string | false {
  const words = ['--mount', '--propagation', 'private', 'bwrap', '--version'];
  const tried = spawnSync('unshare', [...(isRoot ? [] : ['--user', '--map-root-user']), ...words]);
  return tried.status === 0 ? false : 'no namespaces or no bubblewrap here';
}

test('the tools write to their work folder, and never through a link to what the store holds', {
  skip: whyNoSandbox(),
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'image-tools-test-'));
  t.after(() => rm(folder, { recursive: true }));
  const store = await openStore(join(folder, 'store'));
  assert.ok(store.ok);
  const session = { store: store.value, sourceDateEpoch: 0, signal: new AbortController().signal };
  const runTools = await openTools(session, host, [], join(folder, 'scratch'));

  const work = join(folder, 'work');
  await mkdir(join(work, 'files'), { recursive: true });
  const kept = join(folder, 'kept');
  await writeFile(kept, 'as it was');
  // Nothing but the mount may be in the way.
  await chmod(kept, 0o666);
  await link(kept, join(work, 'files/0'));

  const read = await runTools('cat files/0 > copy', work, ['files']);
  assert.ok(read.ok, JSON.stringify(read));
  assert.equal(await readFile(join(work, 'copy'), 'utf8'), 'as it was');

  const written = await runTools('echo other > files/0', work, ['files']);
  assert.ok(!written.ok);
  assert.match(written.problem.details?.join('\n') ?? '', /Read-only file system/);
  assert.equal(await readFile(kept, 'utf8'), 'as it was');
});
