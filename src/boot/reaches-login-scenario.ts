import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, judgeGuest, type Scenario } from './bench.ts';
import { bootTimesAddUp } from './boot-times-check.ts';
import { rootIsOnBus, secondDriveIsSeen } from './bus-checks.ts';
import * as fileSystem from './file-system-checks.ts';
import { bootAndLogIn, setPassword } from './login-steps.ts';
import type { Bus } from './machine.ts';
import * as system from './system-checks.ts';

/** One that no other drive of the test has. */
const SECOND_DRIVE_MIB = 77;

/** One boot, from power to a login and back: the root comes from the drive that the firmware started, on this bus. */
export function reachesLoginScenario(bus: Bus): Scenario {
  return {
    name: 'reaches a login by itself',
    run: async (bench) => {
      const password = await setPassword(bench);
      const secondDrive = { path: await emptyDrive(bench), bus: 'uas' } as const;
      const checks = [
        rootIsOnBus(bus),
        fileSystem.rootIsWritableExt4,
        secondDriveIsSeen(SECOND_DRIVE_MIB),
        system.kernelIsContent,
        bootTimesAddUp,
      ];
      await bench.step('first boot', () =>
        bootAndLogIn(bench, { password, secondDrive }, (shell) =>
          judgeGuest(bench, shell, checks, { hostname: '', userName: '' }),
        ),
      );
    },
  };
}

async function emptyDrive(bench: Bench): Promise<string> {
  const path = join(bench.folder, 'second.img');
  await using file = await open(path, 'wx');
  await file.truncate(SECOND_DRIVE_MIB * 1024 * 1024);
  return path;
}
