import { type Digest, fail, ok, type Problem, type Result } from '#base';
import { guidFrom, type Layout, partitionOf, volumeUuid } from '#disk';
import type { Ext4, Fat32 } from '#file-system';

/** The names by which a stick, its partitions and its file systems are told from others, all as references spell them. */
export type StickNames = {
  readonly disk: string;
  readonly espPartition: string;
  readonly rootPartition: string;
  readonly biosBootPartition: string;
  /** Of the ext4 file system: what `UUID=` names. */
  readonly rootFileSystem: string;
  /** Of the FAT, as blkid and fstab spell it: `ABCD-1234`. */
  readonly espFileSystem: string;
};

/** The names that an image or stick has. */
export function namesOf(layout: Layout, root: Pick<Ext4, 'uuid'>, esp: Pick<Fat32, 'volumeId'>): StickNames {
  return {
    disk: layout.diskGuid,
    espPartition: partitionOf(layout, 'esp').guid,
    rootPartition: partitionOf(layout, 'root').guid,
    biosBootPartition: partitionOf(layout, 'bios-boot').guid,
    rootFileSystem: root.uuid,
    espFileSystem: volumeUuid(esp.volumeId),
  };
}

/** The layout with a disk and partitions of other names, and the names of all that follow from the seed. */
export function newNames(
  layout: Layout,
  seed: Digest,
): { readonly layout: Layout; readonly names: StickNames } {
  const renamed: Layout = {
    ...layout,
    diskGuid: guidFrom(seed, 'disk'),
    partitions: layout.partitions.map((partition) => ({
      ...partition,
      guid: guidFrom(seed, `partition-${partition.role}`),
    })),
  };
  const names = namesOf(
    renamed,
    { uuid: guidFrom(seed, 'root-file-system') },
    { volumeId: guidFrom(seed, 'esp-volume').slice(0, 8) },
  );
  return { layout: renamed, names };
}

/** A file that speaks of the stick's own names, and the ones that it has to speak of. */
export type ReferringFile = {
  readonly partition: 'esp' | 'root';
  readonly path: string;
  readonly references: (names: StickNames) => readonly string[];
};

/** Every file of an image that names a partition or file system (src/image: grub-cfg.ts, fstab.ts). */
export const REFERRING_FILES: readonly ReferringFile[] = [
  {
    partition: 'esp',
    path: '/grub/grub.cfg',
    references: ({ rootPartition }) => [`root=PARTUUID=${rootPartition}`],
  },
  {
    partition: 'root',
    path: '/etc/fstab',
    references: ({ rootFileSystem, espFileSystem }) => [`UUID=${rootFileSystem} `, `UUID=${espFileSystem} `],
  },
];

/** The text with every name of one stick replaced by that of another, in whichever case it is written. */
export function withOtherNames(text: Buffer, before: StickNames, after: StickNames): Buffer {
  let changed = text.toString('latin1');
  // All at once: a new name may happen to be another's old one.
  const keys = Object.keys(before) as (keyof StickNames)[];
  const byName = new Map(keys.map((key) => [before[key].toLowerCase(), after[key]]));
  const anyName = new RegExp([...byName.keys()].join('|'), 'gi');
  changed = changed.replace(anyName, (found) => {
    const name = byName.get(found.toLowerCase()) ?? found;
    return found === found.toUpperCase() ? name.toUpperCase() : name.toLowerCase();
  });
  return Buffer.from(changed, 'latin1');
}

/** Whether a file speaks of all that it has to. */
export function checkReferences(text: Buffer, file: ReferringFile, names: StickNames): Result<void> {
  const words = text.toString('latin1');
  const missing = file.references(names).find((reference) => !words.includes(reference));
  return missing === undefined ? ok(undefined) : fail(missingReference(file, missing));
}

function missingReference({ partition, path }: ReferringFile, reference: string): Problem {
  return {
    kind: 'image-failed',
    subject: path,
    message: `${path} on the ${partition} partition should speak of ${reference.trim()}, and does not`,
    hint: 'The image was changed since it was made. Make it again: blazeneuro build --rebuild image',
  };
}
