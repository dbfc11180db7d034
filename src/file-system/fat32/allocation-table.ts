import type { ByteReader } from '../byte-reader.ts';
import { damaged, foreign } from '../damaged.ts';
import type { BootSector } from './boot-sector.ts';

/** The upper four bits of an entry are reserved (fatgen103, "FAT Data Structure"). */
const ENTRY_MASK = 0x0fffffff;
const LAST_CLUSTER_MIN = 0x0ffffff8;
/** Bits of the second entry: it was unmounted in order, and no read or write of it failed. */
const CLEAN_BITS = 0x0c000000;
/** The table of 16 million clusters; an ESP has a few hundred thousand. */
const LARGEST_TABLE_BYTES = 64 * 1024 * 1024;

/** The file allocation table. */
export type AllocationTable = {
  readonly isClean: boolean;
  readonly doCopiesAgree: boolean;
  isUsed(cluster: number): boolean;
  /** The clusters of a file or directory, from its first one on. */
  chain(first: number): readonly number[];
};

/** Reads the table. It is not clean when its copies differ, or when the system that wrote it did not end in order. */
export async function readAllocationTable(reader: ByteReader, boot: BootSector): Promise<AllocationTable> {
  const { tableOffset, tableBytes, tableCount, clusterCount } = boot;
  if (tableBytes > LARGEST_TABLE_BYTES) foreign('FAT32', `its table has ${tableBytes} bytes`);
  const table = await reader.read(tableOffset, tableBytes);
  const copy = tableCount === 1 ? table : await reader.read(tableOffset + tableBytes, tableBytes);
  const entry = (cluster: number) => table.readUInt32LE(cluster * 4) & ENTRY_MASK;
  const doCopiesAgree = table.equals(copy);
  return {
    doCopiesAgree,
    isClean: (entry(1) & CLEAN_BITS) === CLEAN_BITS && doCopiesAgree,
    isUsed: (cluster) => entry(cluster) !== 0,
    chain(first) {
      const clusters: number[] = [];
      for (let cluster = first; cluster < LAST_CLUSTER_MIN; cluster = entry(cluster)) {
        if (cluster < 2 || cluster >= clusterCount + 2) {
          damaged('FAT32', `a chain of clusters leads to cluster ${cluster} of ${clusterCount}`);
        }
        if (clusters.length >= clusterCount) damaged('FAT32', `the chain of cluster ${first} has no end`);
        clusters.push(cluster);
      }
      return clusters;
    },
  };
}
