import { failed, type GuestCheck, passed, splitParts } from './check.ts';

type Mount = {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  readonly options: string[];
};

/** / is the ext4 of the stick itself, writable, with nothing laid over it. */
export const rootIsWritableExt4: GuestCheck = {
  name: 'root file system is ext4, read-write',
  command: 'cat /proc/mounts',
  judge: ({ output }) => {
    // The last mount on a path hides those before.
    const root = parseMounts(output.split('\n')).findLast(({ path }) => path === '/');
    if (root === undefined) return failed('nothing is mounted on /');
    const shown = `${root.device} ${root.type} ${root.options.join(',')}`;
    return root.type === 'ext4' && root.options.includes('rw') ? passed(shown) : failed(shown);
  },
};

/** A journal that is in use has a folder in /proc/fs/jbd2, named by its device: no tool is needed to see it. */
export const rootHasJournal: GuestCheck = {
  name: 'root file system has a journal in use',
  command: 'echo == device; readlink "/sys/dev/block/$(mountpoint -d /)"; echo == journals; ls /proc/fs/jbd2',
  judge: ({ output }) => {
    const parts = splitParts(output);
    const device = parts.get('device')?.[0]?.split('/').at(-1);
    const journals = parts.get('journals') ?? [];
    if (device === undefined) return failed('the device of / is not known');
    const journal = journals.find((name) => name.startsWith(`${device}-`));
    return journal === undefined
      ? failed(`no journal of ${device} in: ${journals.join(' ')}`)
      : passed(journal);
  },
};

/** What fstab promises is mounted. */
export const allMountsAreThere: GuestCheck = {
  name: 'every mount of fstab is there',
  command: 'echo == fstab; cat /etc/fstab; echo == mounts; cat /proc/mounts',
  judge: ({ output }) => {
    const parts = splitParts(output);
    const wanted = parseMounts((parts.get('fstab') ?? []).filter((line) => !line.trimStart().startsWith('#')))
      .filter(({ type, options }) => type !== 'swap' && !options.includes('noauto'))
      .map(({ path }) => path);
    const mounted = new Set(parseMounts(parts.get('mounts') ?? []).map(({ path }) => path));
    if (wanted.length === 0) return failed('fstab names no mount');
    const missing = wanted.filter((path) => !mounted.has(path));
    return missing.length === 0 ? passed(wanted.join(' ')) : failed(`not mounted: ${missing.join(' ')}`);
  },
};

/** A file system that was left in order needs no repair when it is mounted again. */
export const lastShutdownWasClean: GuestCheck = {
  name: 'root file system was left clean by the last power off',
  command: 'dmesg --raw | grep -iE "ext4-fs|fat-fs"',
  judge: ({ output }) => {
    if (!/ext4-fs .*mounted filesystem/i.test(output))
      return failed('the kernel does not say that / was mounted');
    const repair = /^.*(?:recovery complete|orphan cleanup|not properly unmounted|with errors).*$/im.exec(
      output,
    );
    return repair === null ? passed('no recovery') : failed(repair[0]);
  },
};

function parseMounts(lines: readonly string[]): readonly Mount[] {
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 4)
    .map(([device = '', path = '', type = '', options = '']) => ({
      device,
      path,
      type,
      options: options.split(','),
    }));
}
