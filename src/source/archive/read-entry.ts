import type { ArchiveEntry } from './archive-entry.ts';
import { type NameLimits, readPath, readText } from './archive-path.ts';
import type { ByteInput } from './byte-input.ts';
import { readPaxRecords } from './pax-records.ts';
import { type Refusal, refuseArchive, refuseEntry, shown } from './refusal.ts';
import { BLOCK_BYTES, paddingOf, readHeader, type TarHeader } from './tar-header.ts';

/** Names have 4096 bytes at most; the rest is for what else a header tells, such as attributes. */
const LONGEST_EXTENSION_BYTES = 1 << 17;

/** Longest text of a link: PATH_MAX of limits.h, with its last byte. */
const LONGEST_TARGET_BYTES = 4095;

/** What is made of an entry by the type of its header (POSIX.1-2024, and GNU tar's `7` and its byte 0). */
const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hard-link',
  '2': 'link',
  '5': 'folder',
  '7': 'file',
};

/** What the other types are called. */
const REFUSED_TYPES: Readonly<Record<string, string>> = {
  '3': 'is a device',
  '4': 'is a device',
  '6': 'is a fifo',
  D: 'is a list of files, as backups have them',
  M: 'goes on from another archive',
  S: 'is a sparse file',
  V: 'is a label of a tape',
};

/** What entries of their own say of the entry after them. */
type Extension = { name?: Buffer; target?: Buffer; sizeBytes?: number };

/** Reads up to the bytes of the next entry. Undefined at the mark that ends an archive. */
export function readEntry(input: ByteInput, limits: NameLimits): ArchiveEntry | Refusal | undefined {
  const extension: Extension = {};
  for (;;) {
    const block = input.take(BLOCK_BYTES);
    if (block === undefined) {
      return refuseArchive(input.takenBytes === 0 ? 'is no tar archive' : 'is cut off');
    }
    const isEnd = block.every((byte) => byte === 0);
    if (isEnd && Object.keys(extension).length === 0) return undefined;
    const header = isEnd ? undefined : readHeader(block);
    if (header === undefined) return refuseArchive(whyNoHeader(input));
    if (!'gxLK'.includes(header.type)) return entryOf(header, extension, limits);
    const why = readExtension(input, header, extension);
    if (why !== undefined) return refuseArchive(why);
  }
}

function whyNoHeader({ takenBytes }: ByteInput): string {
  if (takenBytes === BLOCK_BYTES) return 'is no tar archive';
  return `has a malformed header, at byte ${takenBytes - BLOCK_BYTES}`;
}

/** Reads an entry that only tells of the next one, or of all (`g`). Gives back why it cannot be used. */
function readExtension(input: ByteInput, header: TarHeader, into: Extension): string | undefined {
  const { type, sizeBytes } = header;
  if (sizeBytes > LONGEST_EXTENSION_BYTES) return 'has an extended header that is too long';
  const taken = input.take(sizeBytes + paddingOf(sizeBytes));
  if (taken === undefined) return 'is cut off';
  const bytes = Buffer.from(taken.subarray(0, sizeBytes));
  if (type === 'L') return setOnce(into, { name: upToNul(bytes) });
  if (type === 'K') return setOnce(into, { target: upToNul(bytes) });
  const records = readPaxRecords(bytes);
  if (records === undefined) return 'has a malformed extended header';
  const names = [...records.keys()];
  if (names.some((name) => name.startsWith('GNU.sparse.'))) return 'has a sparse file in it';
  const telling = names.filter((name) => name === 'path' || name === 'linkpath' || name === 'size');
  if (type === 'x') return setOnce(into, paxExtension(records));
  return telling.length === 0 ? undefined : `says for all entries what their ${telling[0]} is`;
}

/** Two that tell the same thing leave open which of them counts: programs differ. */
function setOnce(into: Extension, told: Extension | undefined): string | undefined {
  if (told === undefined) return 'has a malformed extended header';
  const isTwice = Object.keys(told).some((name) => Object.hasOwn(into, name));
  Object.assign(into, told);
  return isTwice ? 'says twice what an entry is called, or how large it is' : undefined;
}

function paxExtension(records: ReadonlyMap<string, Buffer>): Extension | undefined {
  const [name, target, size] = [records.get('path'), records.get('linkpath'), records.get('size')];
  const digits = size === undefined ? '0' : /^\d{1,15}$/.exec(size.toString('latin1'))?.[0];
  if (digits === undefined) return undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(target === undefined ? {} : { target }),
    ...(size === undefined ? {} : { sizeBytes: Number(digits) }),
  };
}

function entryOf(header: TarHeader, extension: Extension, limits: NameLimits): ArchiveEntry | Refusal {
  const name = extension.name ?? header.name;
  const named = readPath(name, limits);
  if ('why' in named) return refuseEntry(name, named.why);
  const typeKind = KINDS[header.type];
  if (typeKind === undefined) {
    return refuseEntry(
      name,
      REFUSED_TYPES[header.type] ?? `is of a kind that has no name: ${shown(header.type)}`,
    );
  }
  // Before there was a type for folders, a slash at the end of the name was the sign of one.
  const kind = typeKind === 'file' && name.at(-1) === 0x2f ? 'folder' : typeKind;
  const target = targetOf(kind, extension.target ?? header.target, limits);
  if ('why' in target) return refuseEntry(name, target.why);
  // Some programs repeat the file's size in a hard link, which has no bytes of its own.
  const sizeBytes = kind === 'hard-link' ? 0 : (extension.sizeBytes ?? header.sizeBytes);
  if (kind !== 'file' && sizeBytes !== 0) return refuseEntry(name, `is a ${kind} that has bytes of its own`);
  // No setuid, setgid or sticky bit: upstream's machine may have had them on its folders.
  return { kind, path: named.path, mode: header.mode & 0o777, sizeBytes, target: target.path };
}

function targetOf(
  kind: ArchiveEntry['kind'],
  target: Buffer,
  limits: NameLimits,
): { readonly path: string } | { readonly why: string } {
  if (kind === 'file' || kind === 'folder') return { path: '' };
  if (kind === 'hard-link') {
    const named = readPath(target, limits);
    return 'why' in named ? { why: `is a hard link to ${shown(target)}, which ${named.why}` } : named;
  }
  const path = readText(target);
  if (path === undefined)
    return { why: 'is a link to a name that is not UTF-8, or with control characters in it' };
  if (path === '') return { why: 'is a link to nothing' };
  if (target.length > LONGEST_TARGET_BYTES) {
    return { why: `is a link to a name of more than ${LONGEST_TARGET_BYTES} bytes` };
  }
  return { path };
}

function upToNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}
