import { type Layout, SECTOR_BYTES } from './layout.ts';

/** A layout as text in the manner of `sfdisk --dump`: for people, and to compare with what sfdisk reads. */
export function dumpLayout(layout: Layout): string {
  const header = [
    'label: gpt',
    `label-id: ${layout.diskGuid.toUpperCase()}`,
    'unit: sectors',
    `first-lba: ${layout.firstUsableSector}`,
    `last-lba: ${layout.lastUsableSector}`,
    `sector-size: ${SECTOR_BYTES}`,
    '',
  ];
  const lines = layout.partitions.map((partition) =>
    [
      `${partition.number} : start=${String(partition.startSector).padStart(8)}`,
      `size=${String(partition.sizeSectors).padStart(8)}`,
      `type=${partition.typeGuid.toUpperCase()}`,
      `uuid=${partition.guid.toUpperCase()}`,
      `name="${partition.name}"`,
    ].join(', '),
  );
  return `${[...header, ...lines].join('\n')}\n`;
}
