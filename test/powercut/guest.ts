import { fail, ok, type Result } from '#base';
import { type GuestShell, logIn, type VirtualMachine } from '#boot';

/** On a busy machine without KVM, and after a check that had to look at everything. */
const LOGIN_TIME_LIMIT_MS = 240_000;
const POWER_OFF_TIME_LIMIT_MS = 120_000;

/** Waits for a login prompt that comes by itself, and logs in. */
export async function reachLogin(
  machine: VirtualMachine,
  password: string,
): Promise<Result<{ readonly shell: GuestShell; readonly promptMs: number }>> {
  const options = { what: 'a login prompt', timeLimitMs: LOGIN_TIME_LIMIT_MS };
  const prompt = await machine.waitFor(
    /(Choose a password for root)|(Press Enter for a shell)|\S+ login: /,
    options,
  );
  if (!prompt.ok) return prompt;
  const [, question, rescue] = prompt.value;
  if (question !== undefined) return fail(notUnattended('It asks for a password, although there is one.'));
  if (rescue !== undefined) return fail(notUnattended('It offers a rescue shell.'));
  const promptMs = machine.elapsedMs();
  const shell = await logIn(machine.console, { user: 'root', password });
  return shell.ok ? ok({ shell: shell.value, promptMs }) : shell;
}

export async function powerOff(machine: VirtualMachine): Promise<Result<undefined>> {
  machine.console.type('poweroff\n');
  return await machine.waitForPowerOff(POWER_OFF_TIME_LIMIT_MS);
}

function notUnattended(message: string) {
  return { kind: 'boot-failed', subject: 'login', message } as const;
}
