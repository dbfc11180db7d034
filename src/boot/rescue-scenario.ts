import { setTimeout as wait } from 'node:timers/promises';
import { unwrap } from '#base';
import type { Scenario } from './bench.ts';
import { passed } from './check.ts';
import { bootAndLogIn, setPassword } from './login-steps.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const OFFER = 'the offer of a rescue shell';
const SHELL_TIME_LIMIT_MS = 60_000;
/**
 * The loader looks at its keys for a moment only: the key is held, as a person would. On the keyboard: firmware keeps what
 * is typed there, while GRUB empties the serial port's buffer when it begins to listen.
 */
const KEY_EVERY_MS = 100;

/** The key of the hidden menu starts the rescue entry; who leaves its shell gets the login after all. */
export const rescueScenario: Scenario = {
  name: 'offers a rescue shell that is safe to leave',
  run: async (bench) => {
    const password = await setPassword(bench);
    const rescue = async (machine: VirtualMachine) => {
      const over = new AbortController();
      const holding = holdKey(machine, 'r', over.signal);
      const offered = await machine.waitFor(/Press Enter for a shell/, {
        what: OFFER,
        timeLimitMs: 4 * SHELL_TIME_LIMIT_MS,
      });
      over.abort();
      await holding;
      unwrap(offered);
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

async function holdKey(machine: VirtualMachine, key: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await machine.qmp.execute('send-key', { keys: [{ type: 'qcode', data: key }] });
    await wait(KEY_EVERY_MS);
  }
}
