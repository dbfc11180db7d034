import type { ByteReader, Patch } from '../byte-reader.ts';
import { damaged, foreign } from '../damaged.ts';

/** Offsets in the boot sector: Microsoft's FAT specification 1.03 (fatgen103), "Boot Sector and BPB". */
const VOLUME_ID_OFFSET = 67;
const SECTOR_BYTES_MIN = 512;
/** Fewer clusters than this, and the file system is a FAT16, whatever its type is called. */
const CLUSTERS_MIN = 65525;
const CLUSTERS_MAX = 0x0ffffff5;

/** What the boot sector says. */
export type BootSector = {
  /** Eight hexadecimal digits. */
  readonly volumeId: string;
  readonly label: string;
  readonly sectorBytes: number;
  readonly clusterBytes: number;
  readonly clusterCount: number;
  readonly sizeBytes: number;
  readonly tableOffset: number;
  readonly tableBytes: number;
  readonly tableCount: number;
  /** Where cluster 2, the first, begins. */
  readonly clustersOffset: number;
  readonly rootCluster: number;
  /** Where its copy lies; 0 when it has none. */
  readonly backupOffset: number;
};

/** Reads and checks the boot sector. Ends with a problem when it is damaged, or of another kind. */
export async function readBootSector(reader: ByteReader): Promise<BootSector> {
  if (reader.sizeBytes < SECTOR_BYTES_MIN) foreign('FAT32', 'it is too small');
  const bytes = await reader.read(0, SECTOR_BYTES_MIN);
  const isFat32 =
    bytes.readUInt16LE(510) === 0xaa55 &&
    bytes.toString('latin1', 82, 90) === 'FAT32   ' &&
    bytes.readUInt16LE(17) === 0 &&
    bytes.readUInt16LE(22) === 0;
  if (!isFat32) foreign('FAT32', 'it has no boot sector of one');
  const boot = decode(bytes);
  checkGeometry(boot, bytes, reader.sizeBytes);
  return boot;
}

function decode(bytes: Buffer): BootSector {
  const sectorBytes = bytes.readUInt16LE(11);
  const clusterBytes = bytes.readUInt8(13) * sectorBytes;
  const tableOffset = bytes.readUInt16LE(14) * sectorBytes;
  const tableBytes = bytes.readUInt32LE(36) * sectorBytes;
  const tableCount = bytes.readUInt8(16);
  const sizeBytes = (bytes.readUInt16LE(19) || bytes.readUInt32LE(32)) * sectorBytes;
  const clustersOffset = tableOffset + tableCount * tableBytes;
  return {
    volumeId: bytes.readUInt32LE(VOLUME_ID_OFFSET).toString(16).padStart(8, '0'),
    label: bytes.toString('latin1', 71, 82).trimEnd(),
    sectorBytes,
    clusterBytes,
    clusterCount: Math.floor((sizeBytes - clustersOffset) / clusterBytes),
    sizeBytes,
    tableOffset,
    tableBytes,
    tableCount,
    clustersOffset,
    rootCluster: bytes.readUInt32LE(44),
    backupOffset: bytes.readUInt16LE(50) * sectorBytes,
  };
}

function checkGeometry(boot: BootSector, bytes: Buffer, sizeBytes: number): void {
  const { clusterCount, rootCluster, tableBytes, tableOffset, backupOffset } = boot;
  const isPowerOfTwo = (value: number) => value > 0 && (value & (value - 1)) === 0;
  const isSound =
    [512, 1024, 2048, 4096].includes(boot.sectorBytes) &&
    isPowerOfTwo(bytes.readUInt8(13)) &&
    tableOffset > 0 &&
    backupOffset < tableOffset &&
    (boot.tableCount === 1 || boot.tableCount === 2) &&
    clusterCount >= CLUSTERS_MIN &&
    clusterCount < CLUSTERS_MAX &&
    tableBytes >= (clusterCount + 2) * 4 &&
    rootCluster >= 2 &&
    rootCluster < clusterCount + 2;
  if (!isSound) damaged('FAT32', 'the sizes in its boot sector do not go together', 0);
  if (boot.sizeBytes > sizeBytes) {
    damaged('FAT32', `it is ${boot.sizeBytes} bytes large, but its partition ${sizeBytes}`);
  }
}

/** What to write so that it has another id: in the boot sector and in its copy. */
export function renewed({ backupOffset }: BootSector, volumeId: string): readonly Patch[] {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(Number.parseInt(volumeId, 16));
  const sectors = backupOffset === 0 ? [0] : [0, backupOffset];
  return sectors.map((sector) => ({ offsetBytes: sector + VOLUME_ID_OFFSET, bytes }));
}
