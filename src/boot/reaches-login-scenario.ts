import { judgeGuest, type Scenario } from './bench.ts';
import { bootTimesAddUp } from './boot-times-check.ts';
import { rootIsOnBus, secondDriveIsSeen } from './bus-checks.ts';
import { emptyDrive } from './empty-drive.ts';
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
      const secondDrive = { path: await emptyDrive(bench.folder, SECOND_DRIVE_MIB), bus: 'uas' } as const;
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
