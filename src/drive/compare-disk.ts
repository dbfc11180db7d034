import { digestOfBytes } from '#base';
import { BOOT_CODE_BYTES, type FoundLayout, type Partition } from '#disk';
import type { ByteReader } from '#file-system';
import type { ImageManifest, ManifestPartition } from '#manifest';
import type { Aspect, Finding } from './finding.ts';
import { partitionRange } from './read-image-layout.ts';

/** Everything outside of file systems that is not as the manifest has it: the tables, and what BIOS starts. */
export async function compareDisk(
  reader: ByteReader,
  found: FoundLayout,
  manifest: ImageManifest,
): Promise<readonly Finding[]> {
  return [
    ...tableFindings(found),
    ...manifest.partitions.flatMap((partition) => partitionFindings(partition, found)),
    ...found.others.map(({ number, startSector, sizeSectors }) =>
      disk(`partition ${number}`, 'extra', {
        name: 'presence',
        words: `of another type, ${sizeSectors} sectors from sector ${startSector} on`,
      }),
    ),
    ...nameFindings(found, manifest),
    ...(await bootFindings(reader, found, manifest)),
  ];
}

function tableFindings({ primary, backup, doAgree, isProtected, layout }: FoundLayout): Finding[] {
  const findings: Finding[] = [];
  for (const [path, table] of [
    ['primary partition table', primary],
    ['backup partition table', backup],
  ] as const) {
    if (!table.isGood) findings.push(disk(path, 'damaged', { name: 'state', words: table.why }));
  }
  if (primary.isGood && backup.isGood && !doAgree) {
    findings.push(disk('partition tables', 'changed', { name: 'content', words: 'the two do not agree' }));
  }
  if (backup.isGood && backup.startSector !== layout.sizeSectors - 1) {
    const words = `at sector ${backup.startSector} of ${layout.sizeSectors}, not at the end`;
    const because = 'the drive is larger than the image; the first boot moves it to its end';
    findings.push(disk('backup partition table', 'changed', { name: 'state', words }, because));
  }
  if (!isProtected) {
    const words = 'no protective partition: other programs would take the drive for an empty one';
    findings.push(disk('sector 0', 'changed', { name: 'content', words }));
  }
  return findings;
}

function partitionFindings(expected: ManifestPartition, { layout }: FoundLayout): Finding[] {
  const path = `partition ${expected.number} (${expected.role})`;
  const found = layout.partitions.find(({ role }) => role === expected.role);
  if (found === undefined) return [disk(path, 'missing', { name: 'presence', words: 'is missing' })];
  const findings: Finding[] = [];
  if (found.number !== expected.number || found.startSector !== expected.startSector) {
    const place = ({ number, startSector }: Pick<Partition, 'number' | 'startSector'>) =>
      `number ${number} from sector ${startSector} on`;
    const words = `${place(found)} instead of ${place(expected)}`;
    findings.push(disk(path, 'changed', { name: 'state', words }));
  }
  if (found.sizeSectors !== expected.sizeSectors) {
    const words = `${found.sizeSectors} sectors instead of ${expected.sizeSectors}`;
    const hasGrown = expected.role === 'root' && found.sizeSectors > expected.sizeSectors;
    const because = hasGrown ? 'grown to the whole drive at the first boot' : undefined;
    findings.push(disk(path, 'changed', { name: 'size', words }, because));
  }
  return findings;
}

function nameFindings({ layout }: FoundLayout, { diskGuid, partitions }: ImageManifest): Finding[] {
  const others = partitions.filter(({ role, partUuid }) =>
    layout.partitions.some((partition) => partition.role === role && partition.guid !== partUuid),
  );
  if (layout.diskGuid === diskGuid && others.length === 0) return [];
  const words = `disk ${layout.diskGuid}, and ${others.length} of ${partitions.length} partitions`;
  return [disk('GUIDs', 'changed', { name: 'names', words }, 'each stick is given names of its own')];
}

async function bootFindings(
  reader: ByteReader,
  { layout }: FoundLayout,
  { boot }: ImageManifest,
): Promise<Finding[]> {
  if (boot === undefined) return [];
  const findings: Finding[] = [];
  const bootCode = await reader.read(0, BOOT_CODE_BYTES);
  if (digestOfBytes(bootCode) !== boot.bootCode) {
    findings.push(disk('boot code of sector 0', 'changed', { name: 'content', words: 'other bytes' }));
  }
  const partition = layout.partitions.find(({ role }) => role === 'bios-boot');
  // One that is missing was told of; one that has grown beyond all measure is not read.
  if (partition === undefined || partition.sizeSectors > LARGEST_BIOS_BOOT_SECTORS) return findings;
  const { offsetBytes, lengthBytes } = partitionRange(partition);
  if (offsetBytes + lengthBytes > reader.sizeBytes) return findings;
  if (digestOfBytes(await reader.read(offsetBytes, lengthBytes)) !== boot.biosBoot) {
    findings.push(disk('BIOS boot partition', 'changed', { name: 'content', words: 'other bytes' }));
  }
  return findings;
}

const LARGEST_BIOS_BOOT_SECTORS = 65536;

function disk(path: string, kind: Finding['kind'], aspect: Aspect, because?: string): Finding {
  const finding = { place: 'disk', path, kind, build: 'image', aspects: [aspect] } as const;
  return because === undefined ? finding : { ...finding, expectedBecause: because };
}
