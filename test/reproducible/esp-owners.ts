import { askTool } from './ask-tool.ts';
import type { Differing } from './compare-images.ts';
import { BLOCK_BYTES, readBlock } from './differing-blocks.ts';

/** Clusters are counted from 2, which is the first of the data (Microsoft's FAT specification). */
const FIRST_CLUSTER = 2;

/** Whose the differing blocks of the ESP are: a file with its build, a table, or else a folder. */
export async function espOwners(differing: Differing): Promise<readonly string[]> {
  const { first, offsetBytes, blocks, manifest } = differing;
  const { dataBytes, clusterBytes } = readGeometry(await readBlock(first, offsetBytes / BLOCK_BYTES));
  const files: { readonly name: string; readonly clusters: readonly (readonly [number, number])[] }[] = [];
  for (const { path, build } of manifest.espFiles) {
    const text = await askTool(['mshowfat', '-i', `${first}@@${offsetBytes}`, `::${path}`]);
    files.push({ name: `ESP:${path} of ${build}`, clusters: readClusters(text) });
  }
  return blocks.map((block) => {
    const at = block * BLOCK_BYTES;
    if (at + BLOCK_BYTES <= dataBytes)
      return at === 0 ? 'the boot sector of the ESP' : 'the tables of the ESP';
    const cluster = Math.floor((at - dataBytes) / clusterBytes) + FIRST_CLUSTER;
    const lastCluster = Math.floor((at + BLOCK_BYTES - 1 - dataBytes) / clusterBytes) + FIRST_CLUSTER;
    const owner = files.find(({ clusters }) =>
      clusters.some(([from, to]) => from <= lastCluster && cluster <= to),
    );
    return owner?.name ?? 'a folder of the ESP, or clusters that are free';
  });
}

/** Where the data begins, and how large a cluster is, from the boot sector. */
function readGeometry(sector: Buffer): { readonly dataBytes: number; readonly clusterBytes: number } {
  const sectorBytes = sector.readUInt16LE(11);
  const reserved = sector.readUInt16LE(14);
  const tables = sector.readUInt8(16) * sector.readUInt32LE(36);
  return { dataBytes: (reserved + tables) * sectorBytes, clusterBytes: sector.readUInt8(13) * sectorBytes };
}

/** `::/vmlinuz <3-1040> <1050>` as pairs of the first and the last cluster. */
function readClusters(text: string): (readonly [number, number])[] {
  return [...text.matchAll(/<(\d+)(?:-(\d+))?>/g)].map(
    ([, from, to]) => [Number(from), Number(to ?? from)] as const,
  );
}
