import { randomBytes } from 'node:crypto';
import { fail, ok, type Problem, type Result } from '#base';
import type { SerialConsole } from './serial-console.ts';

const PROMPT_TIME_LIMIT_MS = 60_000;

/** What a command on the guest printed, both streams together, and how it exited. */
export type GuestAnswer = { readonly output: string; readonly exitCode: number };

/** A shell on the guest, at the other end of its serial line. */
export type GuestShell = {
  run(command: string, options?: { readonly timeLimitMs?: number }): Promise<Result<GuestAnswer>>;
};

/** Logs in at a login prompt that has just appeared, and makes the shell quiet enough to be read by a program. */
export async function logIn(
  console: SerialConsole,
  who: { readonly user: string; readonly password: string },
): Promise<Result<GuestShell>> {
  console.type(`${who.user}\n`);
  const question = await console.waitFor(/Password: ?|[#$] $/, wait('the question for the password'));
  if (!question.ok) return question;
  if (!question.value[0].startsWith('Password')) return unlocked(who.user);
  console.type(`${who.password}\n`);
  // A login prompt that comes back is a refusal too, but `Last login:` is none.
  const answer = await console.waitFor(/[#$] |incorrect|(?<!Last) login: /, wait('a shell prompt'));
  if (!answer.ok) return answer;
  if (!/[#$] /.test(answer.value[0])) return refused(who.user);
  return await quieten(console);
}

/** Takes over a shell that shows its prompt: no echo, no prompt, and no kernel messages between the lines. */
export async function quieten(console: SerialConsole): Promise<Result<GuestShell>> {
  const mark = newMark();
  console.type(`stty -echo; PS1= PS2=; dmesg -n 1; ${sayMark('ready', mark)}\n`);
  const ready = await console.waitFor(new RegExp(`ready-${mark}\n`), wait('the shell to get ready'));
  if (!ready.ok) return ready;
  return ok({ run: (command, options) => runCommand(console, command, options?.timeLimitMs) });
}

async function runCommand(
  console: SerialConsole,
  command: string,
  timeLimitMs = PROMPT_TIME_LIMIT_MS,
): Promise<Result<GuestAnswer>> {
  const mark = newMark();
  // In a subshell, so that no command can end or change the shell we talk to. The newline keeps a comment harmless.
  console.type(`${sayMark('begin', mark)}; (${command}\n) 2>&1; ${sayMark('end', mark, ':%d')} $?\n`);
  const pattern = new RegExp(`begin-${mark}\n(.*?)\n?end-${mark}:(\\d+)\n`, 's');
  const match = await console.waitFor(pattern, { what: `the end of: ${command}`, timeLimitMs });
  if (!match.ok) return match;
  return ok({ output: match.value[1] ?? '', exitCode: Number(match.value[2]) });
}

/** A mark never stands whole in the text that is typed, or the echo of the command would be taken for its output. */
function sayMark(word: string, mark: string, rest = ''): string {
  return `printf '%s-%s${rest}\\n' ${word} ${mark}`;
}

function newMark(): string {
  return randomBytes(6).toString('hex');
}

function wait(what: string) {
  return { what, timeLimitMs: PROMPT_TIME_LIMIT_MS };
}

function refused(user: string): Result<never> {
  return fail(badLogin(`The guest refused the password of ${user}.`));
}

function unlocked(user: string): Result<never> {
  return fail(badLogin(`The guest let ${user} in without a password.`));
}

function badLogin(message: string): Problem {
  return { kind: 'boot-failed', subject: 'login', message };
}
