import { truncate } from 'node:fs/promises';
import { unwrap } from '#base';
import { runProgram } from '#process';
import { type Bench, judgeGuest, type Scenario } from './bench.ts';
import { failed, type GuestCheck, type Judgement, passed, splitParts } from './check.ts';
import { bootAndLogIn, judgeExit, setPassword } from './login-steps.ts';

const GIB = 1024 ** 3;

/** What ext4 takes of a drive for itself, at most: inode tables are 1/64 of it. */
const OVERHEAD = 0.03;

/** The mark that the file system has grown. */
const GROWN_MARK = '/var/lib/blazeneuro/grown-to';

/** On a drive of this size the first boot grows the root to all of it; the second has nothing left to do. */
export function growsScenario(driveGiB: number): Scenario {
  return {
    name: `grows to a drive of ${driveGiB} GiB`,
    run: async (bench) => {
      // A hole: the drive has the size, and takes no room.
      await truncate(bench.stick.path, driveGiB * GIB);
      const password = await setPassword(bench);
      const expected = { hostname: '', userName: '' };
      await bench.step('first boot', () =>
        bootAndLogIn(bench, { password }, async (shell) => {
          const wait = `for i in $(seq 120); do [ -e ${GROWN_MARK} ] && exit; sleep 1; done; exit 1`;
          const waited = unwrap(await shell.run(wait, { timeLimitMs: 240_000 }));
          bench.record({ name: 'the growth is marked as done', ...judgeExit(waited.exitCode) });
          await judgeGuest(bench, shell, [rootHasSize(driveGiB * GIB), growth('has grown')], expected);
        }),
      );
      bench.record({ name: 'fsck finds nothing to mend', ...(await judgeFsck(bench)) });
      await bench.step('second boot', () =>
        bootAndLogIn(bench, { password }, (shell) =>
          judgeGuest(bench, shell, [rootHasSize(driveGiB * GIB), growth('had nothing to do')], expected),
        ),
      );
    },
  };
}

/** The root file system has nearly all of the drive. */
function rootHasSize(driveBytes: number): GuestCheck {
  return {
    name: 'root file system has the size of the drive',
    command: 'df -B1 --output=size /',
    judge: ({ output }) => {
      const bytes = Number(output.trim().split('\n').at(-1));
      return bytes > driveBytes * (1 - OVERHEAD) - GIB && bytes < driveBytes
        ? passed(`${bytes} of ${driveBytes} bytes`)
        : failed(`${bytes} of ${driveBytes} bytes`);
    },
  };
}

/** What the kernel's log says of growth in this boot; nothing is wrong with the table by then. */
function growth(wanted: 'has grown' | 'had nothing to do'): GuestCheck {
  return {
    name: `the root ${wanted}`,
    command: 'echo == grown; dmesg | grep -E "resized filesystem|has grown"; echo == table; dmesg | grep GPT',
    judge: ({ output }) => {
      const parts = splitParts(output);
      const grown = parts.get('grown') ?? [];
      if (wanted === 'has grown') return grown.length === 2 ? passed(grown.at(-1) ?? '') : failed(output);
      const complaints = [...grown, ...(parts.get('table') ?? [])];
      return complaints.length === 0 ? passed('nothing was resized') : failed(complaints.join('; '));
    },
  };
}

async function judgeFsck({ stick, env }: Bench): Promise<Judgement> {
  if (stick.root === null) return failed('the image has no root partition');
  // e2fsck(8) takes a file system inside a file so; growth has not moved it.
  const argv = ['e2fsck', '-fn', `${stick.path}?offset=${stick.root.offsetBytes}`];
  const checked = await runProgram({ argv, env });
  return checked.succeeded ? passed('clean') : failed(`${checked.stdout}${checked.stderr}`.trim());
}
