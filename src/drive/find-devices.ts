import type { HostPath } from '#base';
import type { BlockDevice } from './block-device.ts';
import type { Mount } from './mounts.ts';
import type { DriveWorld, Seen } from './world.ts';

/** Finds the block devices behind paths and mounts. */
export type DeviceFinder = {
  /** A device's own name for its node; for a file, the names of the devices that it lies on. */
  readonly under: (path: HostPath) => Promise<readonly string[]>;
  readonly ofMount: (mount: Mount) => Promise<readonly string[]>;
};

/** An overlay may lie on an overlay; one that lies on itself is not followed for ever. */
const DEEPEST = 8;

/** Makes a finder that remembers what it has looked at. */
export function findDevices(
  world: DriveWorld,
  devices: ReadonlyMap<string, BlockDevice>,
  mounts: readonly Mount[],
): DeviceFinder {
  const names = new Map([...devices.values()].map(({ number, name }) => [number, name]));
  const looks = new Map<HostPath, Promise<Seen>>();
  const look = (path: HostPath): Promise<Seen> => {
    const looked = looks.get(path) ?? world.look(path);
    looks.set(path, looked);
    return looked;
  };
  const under = async (path: HostPath, depth = 0): Promise<readonly string[]> => {
    const seen = await look(path);
    if (seen.kind === 'block-device') return listed(names.get(seen.number));
    if (seen.kind !== 'other') return [];
    const name = names.get(seen.onDevice);
    if (name !== undefined) return [name];
    // A file system without a device number of its own, such as btrfs or overlay: its mount says more.
    const mount = mountAt(seen.path, mounts);
    return mount === undefined ? [] : ofMount(mount, depth + 1);
  };
  const ofMount = async (mount: Mount, depth = 0): Promise<readonly string[]> => {
    const name = names.get(mount.number);
    if (name !== undefined) return [name];
    if (depth > DEEPEST) return [];
    const places = mount.source.startsWith('/') ? [mount.source] : [];
    // The folders of an overlay are known by paths of the namespace that mounted it.
    if (mount.fileSystem === 'overlay' && mount.seenBy === undefined) places.push(...overlayFolders(mount));
    const found = await Promise.all(places.map((place) => under(place, depth)));
    return [...new Set(found.flat())];
  };
  return { under: (path) => under(path), ofMount: (mount) => ofMount(mount) };
}

function listed(name: string | undefined): readonly string[] {
  return name === undefined ? [] : [name];
}

/** The folders that an overlay is made of (Documentation/filesystems/overlayfs.rst). */
function overlayFolders({ options }: Mount): readonly HostPath[] {
  return options.flatMap((option) => {
    const [, name, value] = /^(lowerdir\+?|datadir\+|upperdir)=(.*)$/.exec(option) ?? [];
    if (name === undefined || value === undefined) return [];
    return name === 'lowerdir' ? value.split(/(?<!\\):+/) : [value];
  });
}

/** The mount of ours that a path lies on: the longest mount point above it; of several there, the last. */
function mountAt(path: HostPath, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    if (mount.seenBy !== undefined) continue;
    const folder = mount.mountPoint === '/' ? '/' : `${mount.mountPoint}/`;
    if (path !== mount.mountPoint && !path.startsWith(folder)) continue;
    if (best === undefined || mount.mountPoint.length >= best.mountPoint.length) best = mount;
  }
  return best;
}
