import { unwrap } from '#base';
import type { Scenario } from './bench.ts';
import { passed } from './check.ts';
import { holdKeyUntil } from './loader-menu.ts';
import { bootAndLogIn, setPassword } from './login-steps.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const OFFER = 'the offer of a rescue shell';
const SHELL_TIME_LIMIT_MS = 60_000;

/** The key of the hidden menu starts the rescue entry; who leaves its shell gets the login after all. */
export const rescueScenario: Scenario = {
  name: 'offers a rescue shell that is safe to leave',
  run: async (bench) => {
    const password = await setPassword(bench);
    const rescue = async (machine: VirtualMachine) => {
      const options = { what: OFFER, timeLimitMs: 4 * SHELL_TIME_LIMIT_MS };
      unwrap(await holdKeyUntil(machine, { key: 'r', pattern: /Press Enter for a shell/, ...options }));
      machine.console.type('\n');
      unwrap(await machine.waitFor(/# /, { what: 'a prompt', timeLimitMs: SHELL_TIME_LIMIT_MS }));
      machine.console.type('ls -d /pr*c\n');
      unwrap(await machine.waitFor(/\n\/proc\n/, { what: 'an answer', timeLimitMs: SHELL_TIME_LIMIT_MS }));
      bench.record({ name: 'the key of the hidden menu leads to a shell', ...passed('it answers') });
      machine.console.type('exit\n');
    };
    await bench.step('first boot', () => bootAndLogIn(bench, { password, before: rescue }, async () => {}));
  },
};
