import { randomBytes } from 'node:crypto';
import { fail, ok, type Result, unwrap } from '#base';
import type { Bench, Inserted } from './bench.ts';
import { failed, type Judgement, passed } from './check.ts';
import { type GuestShell, logIn } from './guest-shell.ts';
import { sha512Crypt } from './sha512-crypt.ts';
import { putOnEsp, type ThrowAwayStick } from './throw-away-stick.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const LOGIN_TIME_LIMIT_MS = 240_000;
const PROMPT_TIME_LIMIT_MS = 60_000;
const POWER_OFF_TIME_LIMIT_MS = 120_000;

/** The file on the ESP that sets a stick up. */
export const SETTINGS_FILE = 'blazeneuro.conf';

/** Answers the question for a first password. */
export async function choosePassword(machine: VirtualMachine, password: string): Promise<void> {
  const question = /Choose a password for root/;
  const what = 'the question for a password of root';
  unwrap(await machine.waitFor(question, { what, timeLimitMs: LOGIN_TIME_LIMIT_MS }));
  for (const prompt of [/New password: ?/, /Retype new password: ?/]) {
    unwrap(await machine.waitFor(prompt, { what: prompt.source, timeLimitMs: PROMPT_TIME_LIMIT_MS }));
    machine.console.type(`${password}\n`);
  }
}

/** How a machine is booted: what is in it, and what somebody does before the login, if anything. */
type BootAndLogIn = Inserted & {
  readonly password: string;
  readonly before?: (machine: VirtualMachine) => Promise<void>;
};

/** Switches the machine on, waits for a login that nobody has helped, does something as root, and powers off. */
export async function bootAndLogIn(
  bench: Bench,
  { password, before, ...inserted }: BootAndLogIn,
  act: (shell: GuestShell) => Promise<void>,
): Promise<void> {
  await using machine = bench.switchOn(inserted);
  await before?.(machine);
  unwrap(await waitForLogin(machine));
  bench.time({ name: 'QEMU start to login', durationMs: machine.elapsedMs() });
  await act(unwrap(await logIn(machine.console, { user: 'root', password })));
  await powerOff(bench, machine);
}

/** Waits for a login prompt; the question for a first password is a problem. */
export async function waitForLogin(machine: VirtualMachine): Promise<Result<undefined>> {
  const options = { what: 'a login prompt', timeLimitMs: LOGIN_TIME_LIMIT_MS };
  // Kernel messages may come behind the prompt, so it need not stand at the end.
  const match = await machine.waitFor(/(Choose a password for root)|\S+ login: /, options);
  if (!match.ok) return match;
  if (match.value[1] === undefined) return ok(undefined);
  const message = 'The guest asks for a password of root, although there is one.';
  return fail({ kind: 'boot-failed', subject: 'login', message });
}

/** Powers off in good order, and judges what the consoles have seen. */
export async function powerOff(bench: Bench, machine: VirtualMachine): Promise<void> {
  await endInOrder(bench, machine);
  bench.record({ name: 'no boot script failed', ...judgeBootLog(machine.console.transcript()) });
}

/** Powers off in good order, whatever the consoles have seen. */
export async function endInOrder(bench: Bench, machine: VirtualMachine): Promise<void> {
  const startedMs = machine.elapsedMs();
  machine.console.type('poweroff\n');
  unwrap(await machine.waitForPowerOff(POWER_OFF_TIME_LIMIT_MS));
  bench.time({ name: 'power off', durationMs: machine.elapsedMs() - startedMs });
}

/** Boot scripts, at the start and at the end, mark what failed with `[FAIL]`. */
export function judgeBootLog(transcript: string): Judgement {
  const failures = transcript.split('\n').filter((line) => /\[ *FAIL(?:ED)? *\]/.test(line));
  return failures.length === 0 ? passed('no [FAIL]') : failed(failures.join('; '));
}

/** Writes settings with a password for root onto the ESP; gives the password. */
export async function setPassword(bench: Bench, stick: ThrowAwayStick = bench.stick): Promise<string> {
  const password = newPassword();
  const text = `ROOT_PASSWORD_HASH=${newHash(password)}\n`;
  unwrap(await putOnEsp(stick, { name: SETTINGS_FILE, text }, bench.env));
  return password;
}

export function judgeExit(exitCode: number): Judgement {
  return exitCode === 0 ? passed('done') : failed(`exit code ${exitCode}`);
}

export function newPassword(): string {
  return randomBytes(12).toString('base64url');
}

export function newHash(password: string): string {
  return sha512Crypt(password, randomBytes(8).toString('hex'));
}
