import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { digestOfBytes } from '#base';
import { openRig, PROJECT } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

/** Hides bison, for what runs in this mount namespace only, and shows that it did. */
const WITHOUT_BISON = `
mount --bind /dev/null /usr/bin/bison
if [ -x /usr/bin/bison ]; then exit 99; fi
exec "$@"
`;

test('fetch finds its sources on a machine that has none of the tools for building', async () => {
  await using rig = await openRig();
  await writeToyProfile(rig);
  await rig.write('toy-1.tar', 'not looked into');
  await rig.write('packages.list', `toy 1 file:toy-1.tar sha256:${digestOfBytes('not looked into')} -\n`);
  await writeToy(rig, 'toy', { sources: { '.': 'toy' } });
  const command = [join(PROJECT, 'blazeneuro'), ...toyWords(rig), 'fetch'];
  const { stdout } = await promisify(execFile)(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'bash', '-euc', WITHOUT_BISON, 'hidden', ...command],
    { cwd: rig.cwd, env: { ...process.env, BLAZENEURO_STORE: rig.store } },
  );
  assert.match(stdout, /^toy 1: from file:toy-1\.tar, verified by digest$/m);
});
