/**
 * `npm run test:faults -- hostile [--times N]`: the corpus of hostile builds against the real program, as whoever
 * starts it and, when that is root, as an ordinary user too.
 */
import { spawnSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT } from '../../rig.ts';

/** The kernel's overflow user (user_namespaces(7)): there is nobody less privileged. */
const NOBODY = 65534;

const { values } = parseArgs({ options: { times: { type: 'string', default: '1' } } });
const home = await mkdtemp(join(process.env['TMPDIR'] ?? tmpdir(), 'hostile-home-'));
try {
  await chown(home, process.getuid?.() === 0 ? NOBODY : -1, -1);
  const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const users = process.getuid?.() === 0 ? [[], asNobody] : [[]];
  for (let time = 0; time < Number(values.times); time += 1) {
    for (const user of users) runCorpus(user, user.length === 0 ? {} : { HOME: home, TMPDIR: home });
  }
} finally {
  await rm(home, { recursive: true, force: true });
}

function runCorpus(user: readonly string[], env: Readonly<Record<string, string>>): void {
  const [file = '', ...words] = [
    ...user,
    process.execPath,
    '--test',
    join(PROJECT, 'test/hostile/hostile.test.ts'),
  ];
  const ended = spawnSync(file, words, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (ended.status !== 0) process.exitCode = 1;
}
