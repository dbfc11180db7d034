import { join } from 'node:path';
import { chooseAccel } from '#boot';
import { type Contestant, contestTable, holdContest } from '../contest.ts';
import { isHere } from '../peer.ts';
import type { ResultFile } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatMs } from '../statistics.ts';
import { type BootedImage, measureBoot } from './boot-split.ts';
import { DEBIAN_INITS, PASSWORD } from './debian.ts';
import { keptDebianImage } from './kept-image.ts';
import { makeFloor, makeOurs } from './ours.ts';

/** P8: from power-on to the login, split into its parts. */
export const bootTimes: Row = {
  name: 'p8',
  peers: ['qemu-system-x86_64', 'mmdebstrap'],
  measure: measureBoots,
  tables: bootTables,
};

const SHOWN = [
  { arm: 'minimal', title: 'BlazeNeuro `minimal`' },
  { arm: 'floor', title: 'its kernel alone: one program in place of init' },
  { arm: 'base', title: 'BlazeNeuro `base`' },
  { arm: 'debian-busybox', title: "Debian, busybox' init" },
  { arm: 'debian-sysvinit', title: 'Debian, sysvinit' },
  { arm: 'debian-systemd', title: 'Debian, systemd' },
];

const ENV = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };

async function measureBoots(context: BenchContext): Promise<void> {
  const { options, say, signal } = context;
  const { accel, reason } = await chooseAccel('auto', ENV);
  say(`${accel}: ${reason}`);
  context.set({ options: { accel } });
  const contestants = [...(await prepareOurs(accel, context)), ...(await prepareDebian(context))].map(
    ({ arm, path, folder }): Contestant => {
      const image = { path, password: PASSWORD, folder, accel, isFloor: arm === 'floor' };
      return { arm, measure: () => measureBoot(image, { env: ENV, signal }) };
    },
  );
  await holdContest(contestants, options.runs ?? (options.isQuick ? 1 : 5), context);
}

type Prepared = { readonly arm: string; readonly path: string; readonly folder: string };

function isWanted(arm: string, { options }: BenchContext): boolean {
  return options.only.length === 0 || options.only.includes(arm);
}

async function prepareOurs(accel: BootedImage['accel'], context: BenchContext): Promise<Prepared[]> {
  const { folder } = context;
  const prepared: Prepared[] = [];
  for (const profile of ['minimal', 'base']) {
    const hasFloor = profile === 'minimal' && isWanted('floor', context);
    if (!isWanted(profile, context) && !hasFloor) continue;
    const path = await makeOurs(profile, accel, { env: ENV, context });
    if (path === undefined) continue;
    prepared.push({ arm: profile, path, folder });
    if (hasFloor)
      prepared.push({ arm: 'floor', path: await makeFloor(path, join(folder, 'floor'), ENV), folder });
  }
  return prepared;
}

async function prepareDebian(context: BenchContext): Promise<Prepared[]> {
  const { folder, options, say } = context;
  const prepared: Prepared[] = [];
  if (!(await isHere('mmdebstrap', say))) return prepared;
  // Beside the row's own folder, which every run begins anew.
  const kept = join(options.folder, 'p8-debian');
  for (const init of DEBIAN_INITS) {
    const arm = `debian-${init}`;
    if (!isWanted(arm, context)) continue;
    const { path, versions } = await keptDebianImage(init, kept, { env: ENV, say });
    context.set({ options: versions });
    prepared.push({ arm, path, folder });
  }
  return prepared;
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
