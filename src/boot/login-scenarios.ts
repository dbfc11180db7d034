import { randomBytes } from 'node:crypto';
import { fail, ok, type Result, unwrap } from '#base';
import { type Bench, judgeGuest, type Scenario } from './bench.ts';
import { type Expectations, failed, type Judgement, passed } from './check.ts';
import * as fileSystem from './file-system-checks.ts';
import { type GuestShell, logIn } from './guest-shell.ts';
import { sha512Crypt } from './sha512-crypt.ts';
import * as system from './system-checks.ts';
import { espHolds, putOnEsp, readFromEsp } from './throw-away-stick.ts';
import type { VirtualMachine } from './virtual-machine.ts';

const LOGIN_TIME_LIMIT_MS = 240_000;
const PROMPT_TIME_LIMIT_MS = 60_000;
const POWER_OFF_TIME_LIMIT_MS = 120_000;

const SETTINGS_FILE = 'blazeneuro.conf';
const KEPT_FILE = '/root/kept-by-the-boot-test';

const CHECKS_OF_EVERY_BOOT = [
  fileSystem.rootIsWritableExt4,
  fileSystem.rootHasJournal,
  fileSystem.allMountsAreThere,
  system.initIsOurs,
  system.nothingListens,
  system.kernelIsContent,
];

/** Settings by file, a login, a file that is written: all of it is there after the machine was off. */
export function remembersScenario(known: { readonly initSha256?: string } = {}): Scenario {
  return {
    name: 'remembers across power off',
    run: async (bench) => {
      const password = newPassword();
      const hash = newHash(password);
      const expected: Expectations = { ...known, hostname: 'boot-test', userName: 'tester' };
      const text = settingsText(expected, hash);
      unwrap(await putOnEsp(bench.stick, { name: SETTINGS_FILE, text }, bench.env));
      const kept = randomBytes(32).toString('hex');

      await bench.step('first boot', () =>
        bootAndLogIn(bench, password, async (shell) => {
          await judgeGuest(bench, shell, [...CHECKS_OF_EVERY_BOOT, system.settingsAreApplied], expected);
          const wrote = unwrap(await shell.run(`printf %s ${kept} > ${KEPT_FILE} && sync`));
          bench.record({ name: 'writes a file and syncs', ...judgeExit(wrote.exitCode) });
        }),
      );
      bench.record({ name: 'secrets are wiped from the ESP', ...(await judgeWiped(bench, hash)) });

      await bench.step('second boot', () =>
        bootAndLogIn(bench, password, async (shell) => {
          const checks = [
            ...CHECKS_OF_EVERY_BOOT,
            system.settingsAreApplied,
            fileSystem.lastShutdownWasClean,
          ];
          await judgeGuest(bench, shell, checks, expected);
          const read = unwrap(await shell.run(`cat ${KEPT_FILE}`));
          const judgement = read.output === kept ? passed('same content') : failed(`found: ${read.output}`);
          bench.record({ name: 'the file of the first boot is there', ...judgement });
        }),
      );
    },
  };
}

/** No settings at all: the console asks for a password, once, and it is the one to log in with from then on. */
export const asksForPasswordScenario: Scenario = {
  name: 'asks for a password at first boot',
  run: async (bench) => {
    const password = newPassword();
    await bench.step('first boot', async () => {
      await using machine = bench.switchOn();
      await choosePassword(machine, password);
      unwrap(await waitForLogin(machine));
      const shell = unwrap(await logIn(machine.console, { user: 'root', password }));
      bench.record({
        name: 'the chosen password logs in',
        ...judgeExit(unwrap(await shell.run('true')).exitCode),
      });
      await powerOff(bench, machine);
    });
    await bench.step('second boot', () =>
      bootAndLogIn(bench, password, async (shell) => {
        const answer = unwrap(await shell.run('true'));
        bench.record({
          name: 'the password holds, and is not asked for again',
          ...judgeExit(answer.exitCode),
        });
      }),
    );
  },
};

async function choosePassword(machine: VirtualMachine, password: string): Promise<void> {
  const question = /Choose a password for root/;
  const what = 'the question for a password of root';
  unwrap(await machine.waitFor(question, { what, timeLimitMs: LOGIN_TIME_LIMIT_MS }));
  for (const prompt of [/New password: ?/, /Retype new password: ?/]) {
    unwrap(await machine.waitFor(prompt, { what: prompt.source, timeLimitMs: PROMPT_TIME_LIMIT_MS }));
    machine.console.type(`${password}\n`);
  }
}

async function bootAndLogIn(
  bench: Bench,
  password: string,
  act: (shell: GuestShell) => Promise<void>,
): Promise<void> {
  await using machine = bench.switchOn();
  unwrap(await waitForLogin(machine));
  bench.time({ name: 'QEMU start to login', durationMs: machine.elapsedMs() });
  await act(unwrap(await logIn(machine.console, { user: 'root', password })));
  await powerOff(bench, machine);
}

async function waitForLogin(machine: VirtualMachine): Promise<Result<undefined>> {
  const options = { what: 'a login prompt', timeLimitMs: LOGIN_TIME_LIMIT_MS };
  // Kernel messages may come behind the prompt, so it need not stand at the end.
  const match = await machine.waitFor(/(Choose a password for root)|\S+ login: /, options);
  if (!match.ok) return match;
  if (match.value[1] === undefined) return ok(undefined);
  const message = 'The guest asks for a password of root, although there is one.';
  return fail({ kind: 'boot-failed', subject: 'login', message });
}

async function powerOff(bench: Bench, machine: VirtualMachine): Promise<void> {
  const startedMs = machine.elapsedMs();
  machine.console.type('poweroff\n');
  unwrap(await machine.waitForPowerOff(POWER_OFF_TIME_LIMIT_MS));
  bench.time({ name: 'power off', durationMs: machine.elapsedMs() - startedMs });
  bench.record({ name: 'no boot script failed', ...judgeBootLog(machine.console.transcript()) });
}

/** Boot scripts, at the start and at the end, mark what failed with `[FAIL]`. */
export function judgeBootLog(transcript: string): Judgement {
  const failures = transcript.split('\n').filter((line) => /\[ *FAIL(?:ED)? *\]/.test(line));
  return failures.length === 0 ? passed('no [FAIL]') : failed(failures.join('; '));
}

async function judgeWiped(bench: Bench, hash: string): Promise<Judgement> {
  const text = unwrap(await readFromEsp(bench.stick, SETTINGS_FILE, bench.env));
  if (text.includes(hash)) return failed(`${SETTINGS_FILE} still holds the hash`);
  // A file that was written anew would leave the old one in clusters that are free now.
  if (await espHolds(bench.stick, hash))
    return failed('the hash is gone from the file, but still on the partition');
  return passed('no hash anywhere on the partition');
}

function judgeExit(exitCode: number): Judgement {
  return exitCode === 0 ? passed('done') : failed(`exit code ${exitCode}`);
}

function settingsText({ hostname, userName }: Expectations, hash: string): string {
  const lines = [`HOSTNAME=${hostname}`, `ROOT_PASSWORD_HASH=${hash}`];
  return [...lines, `USER_NAME=${userName}`, `USER_PASSWORD_HASH=${hash}`, ''].join('\n');
}

function newPassword(): string {
  return randomBytes(12).toString('base64url');
}

function newHash(password: string): string {
  return sha512Crypt(password, randomBytes(8).toString('hex'));
}
