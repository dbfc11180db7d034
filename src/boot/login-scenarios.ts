import { randomBytes } from 'node:crypto';
import { unwrap } from '#base';
import { type Bench, judgeGuest, type Scenario } from './bench.ts';
import { bootTimesAddUp } from './boot-times-check.ts';
import { type Expectations, failed, type Judgement, passed } from './check.ts';
import * as fileSystem from './file-system-checks.ts';
import { logIn } from './guest-shell.ts';
import {
  bootAndLogIn,
  choosePassword,
  judgeExit,
  newHash,
  newPassword,
  powerOff,
  SETTINGS_FILE,
  waitForLogin,
} from './login-steps.ts';
import * as system from './system-checks.ts';
import { deleteFromEsp, espHolds, putOnEsp, readFromEsp } from './throw-away-stick.ts';

const KEPT_FILE = '/root/kept-by-the-boot-test';

const CHECKS_OF_EVERY_BOOT = [
  fileSystem.rootIsWritableExt4,
  fileSystem.rootHasJournal,
  fileSystem.allMountsAreThere,
  system.initIsOurs,
  system.openFilesHaveNames,
  system.nothingListens,
  system.kernelIsContent,
  bootTimesAddUp,
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
      // What editors leave: a backup file, and what a file that was saved anew has left in free clusters.
      for (const name of [`${SETTINGS_FILE}~`, 'deleted.txt', SETTINGS_FILE]) {
        unwrap(await putOnEsp(bench.stick, { name, text }, bench.env));
      }
      unwrap(await deleteFromEsp(bench.stick, 'deleted.txt', bench.env));
      const kept = randomBytes(32).toString('hex');

      await bench.step('first boot', () =>
        bootAndLogIn(bench, { password }, async (shell) => {
          await judgeGuest(bench, shell, [...CHECKS_OF_EVERY_BOOT, system.settingsAreApplied], expected);
          const wrote = unwrap(await shell.run(`printf %s ${kept} > ${KEPT_FILE} && sync`));
          bench.record({ name: 'writes a file and syncs', ...judgeExit(wrote.exitCode) });
        }),
      );
      bench.record({ name: 'secrets are wiped from the ESP', ...(await judgeWiped(bench, hash)) });

      await bench.step('second boot', () =>
        bootAndLogIn(bench, { password }, async (shell) => {
          const checks = [
            ...CHECKS_OF_EVERY_BOOT,
            system.settingsAreApplied,
            fileSystem.lastShutdownWasClean,
          ];
          await judgeGuest(bench, shell, checks, expected);
          const read = unwrap(await shell.run(`cat ${KEPT_FILE}`));
          const judgement = read.output === kept ? passed('same content') : failed(`found: ${read.output}`);
          bench.record({ name: 'the file of the first boot is there', ...judgement });
          const history = unwrap(await shell.run('cat /root/.bash_history'));
          bench.record({ name: 'the shell that powered off ended by itself', ...judgeHistory(history) });
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
      bootAndLogIn(bench, { password }, async (shell) => {
        const answer = unwrap(await shell.run('true'));
        bench.record({
          name: 'the password holds, and is not asked for again',
          ...judgeExit(answer.exitCode),
        });
      }),
    );
  },
};

/** A shell keeps its history when it ends; one that has to be killed keeps none. */
export function judgeHistory({ output }: { readonly output: string }): Judgement {
  const kept = output.split('\n').includes('poweroff');
  return kept ? passed('its history has the command') : failed(`its history: ${output}`);
}

async function judgeWiped(bench: Bench, hash: string): Promise<Judgement> {
  const text = unwrap(await readFromEsp(bench.stick, SETTINGS_FILE, bench.env));
  if (text.includes(hash)) return failed(`${SETTINGS_FILE} still holds the hash`);
  // A file that was written anew would leave the old one in clusters that are free now.
  if (await espHolds(bench.stick, hash))
    return failed('the hash is gone from the file, but still on the partition');
  return passed('no hash anywhere on the partition');
}

function settingsText({ hostname, userName }: Expectations, hash: string): string {
  const lines = [`HOSTNAME=${hostname}`, `ROOT_PASSWORD_HASH=${hash}`];
  return [...lines, `USER_NAME=${userName}`, `USER_PASSWORD_HASH=${hash}`, ''].join('\n');
}
