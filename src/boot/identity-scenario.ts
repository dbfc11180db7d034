import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '#base';
import type { Bench, Scenario } from './bench.ts';
import { failed, type Judgement, passed, splitParts } from './check.ts';
import { bootAndLogIn, setPassword } from './login-steps.ts';
import { copyImage, type ThrowAwayStick } from './throw-away-stick.ts';

/** What a stick must have made for itself; a profile without sshd has no keys. */
const SECRETS =
  // The seed is made when the logins have had the machine for themselves for a while.
  'tries=0; until [ -s /var/lib/blazeneuro/random-seed ] || [ $tries -ge 60 ]; do sleep 0.5; tries=$((tries + 1)); done; ' +
  'echo == machine-id; cat /etc/machine-id; echo == random-seed; sha256sum < /var/lib/blazeneuro/random-seed; ' +
  'for k in /etc/ssh/ssh_host_*_key; do [ ! -e "$k" ] || { echo "== $k"; sha256sum < "$k"; }; done';

/** Two sticks from one image: nothing that tells one from all others is the same on both. */
export const identityScenario: Scenario = {
  name: 'two sticks share no identity',
  run: async (bench) => {
    const folder = join(bench.folder, 'other');
    await mkdir(folder);
    const other = unwrap(await copyImage(bench.stick.path, folder, bench.env));
    const first = await bench.step('first stick', () => secretsOf(bench, bench.stick));
    const second = await bench.step('second stick', () => secretsOf(bench, other));
    bench.record({ name: 'no secret of one is on the other', ...compareSecrets(first, second) });
  },
};

async function secretsOf(bench: Bench, stick: ThrowAwayStick): Promise<string> {
  const password = await setPassword(bench, stick);
  let secrets = '';
  await bootAndLogIn(bench, { password, stick }, async (shell) => {
    secrets = unwrap(await shell.run(SECRETS)).output;
  });
  return secrets;
}

/** Judges what two sticks said of themselves. */
export function compareSecrets(first: string, second: string): Judgement {
  const [ours, theirs] = [splitParts(first), splitParts(second)];
  for (const name of ['machine-id', 'random-seed']) {
    const digits = ours.get(name)?.[0]?.split(' ')[0] ?? '';
    if (!/^[0-9a-f]{32,64}$/.test(digits)) return failed(`the first stick has no ${name}: ${first}`);
  }
  if ([...ours.keys()].join() !== [...theirs.keys()].join()) return failed(`${first}\n${second}`);
  const shared = [...ours].filter(([name, lines]) => lines.join() === theirs.get(name)?.join());
  return shared.length === 0
    ? passed([...ours.keys()].join(', '))
    : failed(`both have: ${shared.map(([name]) => name).join(', ')}`);
}
