import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unwrap } from '#base';
import { type Bench, judgeGuest, type Scenario } from '../bench.ts';
import type { GuestCheck } from '../check.ts';
import { emptyDrive } from '../empty-drive.ts';
import { type GuestShell, logIn } from '../guest-shell.ts';
import { judgeExit, newPassword, powerOff, setPassword, waitForLogin } from '../login-steps.ts';
import { kernelIsContent } from '../system-checks.ts';
import { putFolderOnEsp } from '../throw-away-stick.ts';
import type { VirtualMachine } from '../virtual-machine.ts';
import { judgeLibraries } from './judge-libraries.ts';
import { judgeStarts } from './judge-starts.ts';
import { startsTable, UNUSUAL_STARTS } from './unusual-starts.ts';
import { checkOf, GUEST_FOLDER } from './works.ts';
import { worksOfRoot } from './works-of-root.ts';
import { worksOfUser } from './works-of-user.ts';

const USER = 'tester';
/** One that no other drive of the test has. */
const DRIVE_MIB = 91;
/** Hundreds of programs, on a machine that is translated. */
const STARTS_TIME_LIMIT_MS = 600_000;
const FOLDER_ON_ESP = 'works';
/** As fstab has it, where it is mounted only when it is needed. */
const ESP = '/boot/efi';
const NOTHING_EXPECTED = { hostname: '', userName: '' };

/** What no program could start without is there. */
const librariesAreThere: GuestCheck = {
  name: 'every program finds its libraries, every script its interpreter, every link its target',
  command: `dash ${GUEST_FOLDER}/libraries.sh /usr/bin /usr/sbin /usr/lib /usr/libexec`,
  timeLimitMs: STARTS_TIME_LIMIT_MS,
  judge: judgeLibraries,
};

/** In a session without a terminal, so that no program can do anything to the one we talk through. */
const everyProgramStarts: GuestCheck = {
  name: 'every program starts',
  command: `setsid -w dash ${GUEST_FOLDER}/starts.sh ${GUEST_FOLDER}/table /usr/bin /usr/sbin`,
  timeLimitMs: STARTS_TIME_LIMIT_MS,
  judge: (answer) => judgeStarts(answer, UNUSUAL_STARTS),
};

/** What the system is for: its programs start, and work is done with them, by root and by a user. */
export const worksScenario: Scenario = {
  name: 'its programs work',
  run: async (bench) => {
    const rootPassword = await setPassword(bench);
    const password = newPassword();
    await bench.step('scripts', () => putScriptsOnEsp(bench));
    const secondDrive = { path: await emptyDrive(bench.folder, DRIVE_MIB), bus: 'usb' } as const;
    await using machine = bench.switchOn({ secondDrive, network: 'closed' });
    const session = async (user: string, act: (shell: GuestShell) => Promise<void>) => {
      unwrap(await waitForLogin(machine));
      await act(
        unwrap(await logIn(machine.console, { user, password: user === USER ? password : rootPassword })),
      );
    };
    const judge = (checks: readonly GuestCheck[]) => (shell: GuestShell) =>
      judgeGuest(bench, shell, checks, NOTHING_EXPECTED);

    await bench.step('root', () =>
      session('root', async (shell) => {
        await takeScripts(bench, shell);
        const works = worksOfRoot({ user: USER, password, driveMiB: DRIVE_MIB }).map(checkOf);
        await judge([librariesAreThere, ...works])(shell);
      }),
    );
    logOut(machine);
    await bench.step('a user', () =>
      session(USER, judge(worksOfUser({ user: USER, password }).map(checkOf))),
    );
    logOut(machine);
    await bench.step('every program', () => session('root', judge([everyProgramStarts, kernelIsContent])));
    await powerOff(bench, machine);
  },
};

async function putScriptsOnEsp(bench: Bench): Promise<void> {
  const folder = join(bench.folder, FOLDER_ON_ESP);
  await cp(join(import.meta.dirname, 'guest'), folder, { recursive: true });
  await writeFile(join(folder, 'table'), startsTable(UNUSUAL_STARTS));
  unwrap(await putFolderOnEsp(bench.stick, folder, bench.env));
}

/** The ESP is for root's eyes; the scripts are for the user as well. */
async function takeScripts(bench: Bench, shell: GuestShell): Promise<void> {
  const copy = `cp -r ${ESP}/${FOLDER_ON_ESP} ${GUEST_FOLDER} && chmod -R a+rX ${GUEST_FOLDER}`;
  const { output, exitCode } = unwrap(await shell.run(`mount ${ESP} && ${copy} && umount ${ESP}`));
  bench.record({
    name: 'the ESP can be mounted, and holds the scripts of this test',
    output,
    ...judgeExit(exitCode),
  });
}

function logOut(machine: VirtualMachine): void {
  machine.console.type('exit\n');
}
