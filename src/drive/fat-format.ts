import { type Format, hasAt, textAt } from './format.ts';

/** FAT and exFAT, by their boot sector (Microsoft: FAT specification §3; exFAT specification §3.1). */
export function fatFormat(head: Buffer): Format | undefined {
  if (!hasAt(head, 510, [0x55, 0xaa])) return undefined;
  if (hasAt(head, 3, 'EXFAT   ')) return exFat(head);
  return looksLikeFat(head) ? fat(head) : undefined;
}

function exFat(head: Buffer): Format {
  const sectorBytes = 2 ** (head.readUInt8(108) & 0xf);
  const percentInUse = head.readUInt8(112);
  const sizeBytes = Number(head.readBigUInt64LE(72)) * sectorBytes;
  return {
    kind: 'exFAT',
    uuid: serialAt(head, 100),
    // 0xFF says that it is not known.
    usedBytes: percentInUse > 100 ? undefined : Math.round((sizeBytes * percentInUse) / 100),
  };
}

/** The fields that every FAT has, with values that code in place of them would hardly have. */
function looksLikeFat(head: Buffer): boolean {
  const clusterSectors = head.readUInt8(13);
  const medium = head.readUInt8(21);
  return (
    [0xeb, 0xe9].includes(head.readUInt8(0)) &&
    [512, 1024, 2048, 4096].includes(head.readUInt16LE(11)) &&
    clusterSectors !== 0 &&
    (clusterSectors & (clusterSectors - 1)) === 0 &&
    head.readUInt16LE(14) !== 0 &&
    [1, 2].includes(head.readUInt8(16)) &&
    (medium === 0xf0 || medium >= 0xf8)
  );
}

function fat(head: Buffer): Format {
  const sectorBytes = head.readUInt16LE(11);
  const clusterSectors = head.readUInt8(13);
  const isFat32 = head.readUInt16LE(22) === 0 && head.readUInt16LE(17) === 0;
  const fatSectors = head.readUInt16LE(22) || head.readUInt32LE(36);
  const sectors = head.readUInt16LE(19) || head.readUInt32LE(32);
  const rootSectors = Math.ceil((head.readUInt16LE(17) * 32) / sectorBytes);
  const dataSectors = sectors - head.readUInt16LE(14) - head.readUInt8(16) * fatSectors - rootSectors;
  const clusters = Math.floor(dataSectors / clusterSectors);
  const at = isFat32 ? 67 : 39;
  const label = textAt(head, at + 4, { lengthBytes: 11, encoding: 'latin1' });
  return {
    // The number of clusters decides, and nothing else (FAT specification §3.5).
    kind: isFat32 ? 'FAT32' : clusters < 4085 ? 'FAT12' : 'FAT16',
    uuid: serialAt(head, at),
    label: label === 'NO NAME' ? undefined : label,
    usedBytes: isFat32 ? usedBytes(head, clusters, clusterSectors * sectorBytes) : undefined,
  };
}

/** By the count of free clusters that FAT32 keeps (FAT specification §5); it is advice, and may be absent. */
function usedBytes(head: Buffer, clusters: number, clusterBytes: number): number | undefined {
  const at = head.readUInt16LE(48) * head.readUInt16LE(11);
  if (!hasAt(head, at, 'RRaA') || !hasAt(head, at + 484, 'rrAa')) return undefined;
  const free = head.readUInt32LE(at + 488);
  return free > clusters ? undefined : (clusters - free) * clusterBytes;
}

/** Four bytes as people know them: `1A2B-3C4D`. */
function serialAt(head: Buffer, offset: number): string {
  const digits = head.readUInt32LE(offset).toString(16).toUpperCase().padStart(8, '0');
  return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
