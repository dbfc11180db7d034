import type { ArchiveEntry } from './archive-entry.ts';
import { BLOCK_BYTES, paddingOf, writeHeader } from './tar-header.ts';

const TYPES: Readonly<Record<ArchiveEntry['kind'], string>> = {
  file: '0',
  'hard-link': '1',
  link: '2',
  folder: '5',
};

/** The fields of names in a header; one byte stays for the end. */
const LONGEST_FIELD_BYTES = 99;

/** The mark that ends an archive. */
export const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK_BYTES);

/** The blocks before an entry's bytes, with nothing in them but what was read of it. */
export function writeEntry(entry: ArchiveEntry): Buffer {
  const [name, target] = [Buffer.from(entry.path), Buffer.from(entry.target)];
  const { mode, sizeBytes } = entry;
  return Buffer.concat([
    ...longText('K', target),
    ...longText('L', name),
    writeHeader({ type: TYPES[entry.kind], name, target, mode, sizeBytes }),
  ]);
}

/** GNU's entries for what does not fit into a header (tar.h of GNU tar: GNUTYPE_LONGNAME, GNUTYPE_LONGLINK). */
function longText(type: 'K' | 'L', text: Buffer): Buffer[] {
  if (text.length <= LONGEST_FIELD_BYTES) return [];
  const sizeBytes = text.length + 1;
  const header = { type, name: Buffer.from('././@LongLink'), target: Buffer.alloc(0), mode: 0, sizeBytes };
  return [writeHeader(header), text, Buffer.alloc(1 + paddingOf(sizeBytes))];
}
