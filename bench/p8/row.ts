import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chooseAccel } from '#boot';
import { type Contestant, contestTable, holdContest } from '../contest.ts';
import { isHere } from '../peer.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatMs } from '../statistics.ts';
import { measureBoot } from './boot-split.ts';
import { DEBIAN_INITS, makeDebianTree, PASSWORD } from './debian.ts';
import { makeDebianImage } from './debian-image.ts';
import { makeFloor, makeOurs } from './ours.ts';

/** P8: from power-on to the login, split into its parts. */
export const bootTimes: Row = {
  name: 'p8',
  peers: ['qemu-system-x86_64', 'mmdebstrap'],
  measure: measureBoots,
  tables: bootTables,
};

const SHOWN = [
  { arm: 'ours', title: 'BlazeNeuro `minimal`' },
  { arm: 'floor', title: 'its kernel alone: one program in place of init' },
  { arm: 'debian-busybox', title: "Debian, busybox' init" },
  { arm: 'debian-sysvinit', title: 'Debian, sysvinit' },
  { arm: 'debian-systemd', title: 'Debian, systemd' },
];

async function measureBoots(context: BenchContext): Promise<void> {
  const { options, folder, say } = context;
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };
  const { accel, reason } = await chooseAccel('auto', env);
  say(`${accel}: ${reason}`);
  context.set({ options: { accel } });
  const isWanted = (arm: string): boolean => options.only.length === 0 || options.only.includes(arm);
  const contestants: Contestant[] = [];
  const add = (arm: string, path: string): void => {
    const image = { path, password: PASSWORD, folder, accel, isFloor: arm === 'floor' };
    contestants.push({ arm, measure: () => measureBoot(image, env) });
  };

  await mkdir(folder, { recursive: true });
  const ours = await makeOurs(join(folder, 'ours'), accel, { env, context });
  if (ours !== undefined) {
    add('ours', ours);
    add('floor', await makeFloor(ours, join(folder, 'floor'), env));
  }
  if (await isHere('mmdebstrap', say)) {
    for (const init of DEBIAN_INITS) {
      if (!isWanted(`debian-${init}`)) continue;
      say(`making Debian with ${init}`);
      const own = join(folder, init);
      add(`debian-${init}`, await makeDebianImage(await makeDebianTree(init, own, env), own, env));
    }
  }
  await holdContest(contestants, options.runs ?? (options.isQuick ? 1 : 5), context);
}

function bootTables(results: readonly ResultFile[]): string {
  const column = (title: string, figure: string) => ({ title, figure, format: formatMs });
  return contestTable(results, SHOWN, [
    column('loader to login', 'loaderToLoginMs'),
    column('firmware', 'firmwareMs'),
    column('loader', 'loaderMs'),
    column('kernel', 'kernelMs'),
    column('initrd and init', 'initMs'),
    column('power to login', 'totalMs'),
  ]);
}
