import type { Result } from '#base';
import { type FoundLayout, type Partition, readLayout, SECTOR_BYTES } from '#disk';
import { type ByteRange, type ByteReader, partOf } from '#file-system';

/** The partition tables of a whole image or drive. */
export function readTables(reader: ByteReader): Promise<Result<FoundLayout>> {
  return readLayout({
    sizeSectors: Math.floor(reader.sizeBytes / SECTOR_BYTES),
    read: (startSector, count) => reader.read(startSector * SECTOR_BYTES, count * SECTOR_BYTES),
  });
}

/** The bytes of a partition. */
export function partitionRange({ startSector, sizeSectors }: Partition): ByteRange {
  return { offsetBytes: startSector * SECTOR_BYTES, lengthBytes: sizeSectors * SECTOR_BYTES };
}

/** A partition as a reader of its own. */
export function partitionReader(reader: ByteReader, partition: Partition): ByteReader {
  return partOf(reader, partitionRange(partition));
}
