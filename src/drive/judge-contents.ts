import type { Drive } from './drive.ts';
import type { Format, FormatKind } from './format.ts';
import type { Refusal, RefusalKind } from './refusal.ts';

/** Reasons that lie in what is on a drive, whether or not anything uses it at the moment. */
export function judgeContents({ name, path, contents }: Drive): readonly Refusal[] {
  if (contents === undefined) return [];
  if ('errorCode' in contents) return [unreadable(name, contents.errorCode)];
  const places = [
    ...contents.whole.map((format) => ({ place: name, node: path, format })),
    ...contents.partitions.flatMap((partition) =>
      partition.formats.map((format) => ({
        place: partition.name,
        node: `${path.slice(0, -name.length)}${partition.name}`,
        format,
      })),
    ),
  ];
  return places.flatMap(({ place, node, format }) => {
    const member = MEMBERS[format.kind];
    if (member === undefined) return [];
    const label = labelOf(format);
    return [
      {
        kind: member.kind,
        message: `${place} ${member.what}${label}`,
        hint: `If nobody will miss it, take that away first: wipefs --all ${node}`,
      },
    ];
  });
}

function labelOf({ label, uuid }: Format): string {
  const words = label === undefined ? uuid : `“${label}”`;
  return words === undefined ? '' : ` (${words})`;
}

function unreadable(name: string, errorCode: string): Refusal {
  if (errorCode === 'EACCES') {
    const hint = 'Run the same command as root, such as by sudo';
    return { kind: 'unreadable', message: `Only root may read what is on ${name}`, hint };
  }
  const message = `What is on ${name} cannot be read (${errorCode})`;
  return { kind: 'unreadable', message, hint: 'Use another drive, or another socket' };
}

/** What is never overwritten as long as its format stands. */
const MEMBERS: Partial<Readonly<Record<FormatKind, { readonly kind: RefusalKind; readonly what: string }>>> =
  {
    'Linux RAID': { kind: 'raid', what: 'is a member of a RAID' },
    'firmware RAID': { kind: 'raid', what: 'is a member of a RAID of the firmware' },
    LVM: { kind: 'lvm', what: 'is a physical volume of LVM' },
    LUKS: { kind: 'encrypted', what: 'is encrypted by LUKS' },
    BitLocker: { kind: 'encrypted', what: 'is encrypted by BitLocker' },
    btrfs: { kind: 'btrfs', what: 'is a device of a btrfs' },
    ZFS: { kind: 'zfs', what: 'is a member of a ZFS pool' },
    bcache: { kind: 'bcache', what: 'is a device of bcache' },
    bcachefs: { kind: 'bcache', what: 'is a device of a bcachefs' },
    Stratis: { kind: 'pool', what: 'is a member of a Stratis pool' },
    VDO: { kind: 'pool', what: 'is the device of a VDO' },
    'Windows dynamic disk': { kind: 'pool', what: 'is a dynamic disk of Windows' },
  };
