import { quoteWord } from '#process';
import type { BlockDevice } from './block-device.ts';
import { type LayerKind, layerKindOf } from './layer-kind.ts';
import { devicesOn, type Machine, type Use } from './machine.ts';
import type { Mount } from './mounts.ts';
import type { Refusal } from './refusal.ts';

/** Folders without which the running system would not go on, or not start again. */
const SYSTEM_FOLDERS = [
  '/',
  '/usr',
  '/boot',
  '/boot/efi',
  '/efi',
  '/etc',
  '/var',
  '/home',
  '/opt',
  '/srv',
  '/nix',
];

/** Reasons that lie in what a device is in use for, through however many layers. */
export function judgeUse(device: BlockDevice, machine: Machine): readonly Refusal[] {
  const on = devicesOn(device.name, machine);
  return [...on].flatMap((name) => {
    const upper = machine.devices.get(name);
    const where = name === device.name ? name : `${name}, on ${device.name},`;
    const uses = machine.uses.filter(({ deviceName }) => deviceName === name);
    return [
      ...(upper === undefined || name === device.name ? [] : refusalOfLayer(upper, device.name)),
      ...refusalsOfMounts(where, uses),
      ...refusalsOfOtherUse(where, uses),
    ];
  });
}

/** One reason for all mounts of a device that we see; those of other namespaces matter when we see none. */
function refusalsOfMounts(where: string, uses: readonly Use[]): readonly Refusal[] {
  const mounts = uses.flatMap((use) => (use.kind === 'mount' ? [use.mount] : []));
  // What the first process sees is the running system, also when we are in a container of it.
  const ours = mounts.filter(({ seenBy }) => seenBy === undefined || seenBy === 1);
  const system = ours.filter(({ mountPoint }) => SYSTEM_FOLDERS.includes(mountPoint));
  if (system.length > 0) {
    const hint = 'Use another drive: this machine would not go on without this one';
    return [
      { kind: 'system-disk', message: `${where} holds ${listPoints(system)} of the running system`, hint },
    ];
  }
  const [first] = ours.length > 0 ? ours : mounts;
  if (first === undefined) return [];
  const together = mounts.filter(({ seenBy }) => seenBy === first.seenBy);
  const seen = first.seenBy === undefined ? '' : `, as process ${first.seenBy} sees it`;
  const enter = first.seenBy === undefined ? '' : `nsenter --target ${first.seenBy} --mount `;
  const points = together.map(({ mountPoint }) => quoteWord(mountPoint)).toReversed();
  return [
    {
      kind: 'mounted',
      message: `${where} is mounted at ${listPoints(together)}${seen}`,
      hint: `When nobody needs what is on it: ${enter}umount ${points.join(' ')}`,
    },
  ];
}

function refusalsOfOtherUse(where: string, uses: readonly Use[]): readonly Refusal[] {
  return uses.flatMap((use): readonly Refusal[] => {
    if (use.kind === 'swap') {
      const hint = `When there is memory enough without it: swapoff ${quoteWord(use.path)}`;
      return [{ kind: 'swap', message: `${where} is swapped to by this machine`, hint }];
    }
    if (use.kind === 'mount') return [];
    const hint = 'Take it out of that file system first: btrfs device remove';
    return [{ kind: 'btrfs', message: `${where} belongs to a btrfs that is mounted`, hint }];
  });
}

const MOST_POINTS = 4;

function listPoints(mounts: readonly Mount[]): string {
  const points = [...new Set(mounts.map(({ mountPoint }) => mountPoint))];
  const more = points.length - MOST_POINTS;
  return `${points.slice(0, MOST_POINTS).join(', ')}${more > 0 ? ` and ${more} more places` : ''}`;
}

/** What lies on a drive, though nobody may be using it at this moment. Partitions are no such layer. */
function refusalOfLayer(upper: BlockDevice, diskName: string): readonly Refusal[] {
  if (upper.partition !== undefined) return [];
  const layer = layerKindOf(upper);
  const [what, hint] = LAYERS[layer](upper);
  return [{ kind: layer, message: `${upper.name}, ${what}, lies on ${diskName}`, hint }];
}

const LAYERS: Readonly<Record<LayerKind, (device: BlockDevice) => readonly [what: string, hint: string]>> = {
  raid: ({ path }) => ['a RAID', `When nobody needs it: mdadm --stop ${path}`],
  lvm: () => ['a volume of LVM', 'When nobody needs it: vgchange --activate n, with the name of its group'],
  encrypted: () => ['an opened encrypted volume', 'When nobody needs it: cryptsetup close, with its name'],
  bcache: ({ name }) => ['a bcache', `When nobody needs it, stop it: /sys/block/${name}/bcache/stop`],
  held: ({ backingFile, path }) =>
    backingFile === undefined
      ? ['a device built on it', 'Find out what it is: lsblk shows the layers']
      : ['a loop device', `When nobody needs it: losetup --detach ${path}`],
};
