import { isUtf8 } from 'node:buffer';

/** Most that the name of one file may have: NAME_MAX of limits.h. */
const LONGEST_NAME_BYTES = 255;

/** What ends a line, or tells a terminal what to do. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What a name is allowed to be. */
export type NameLimits = {
  /** Longest path, in bytes. */
  readonly pathBytes: number;
  /** Folders within folders. */
  readonly depth: number;
};

/** A path below the archive's top: no `.`, no slash at its ends; empty for the top itself. Or why it is none. */
export type NamedPath = { readonly path: string } | { readonly why: string };

/** The path that a name in an archive stands for. */
export function readPath(name: Buffer, { pathBytes, depth }: NameLimits): NamedPath {
  const text = readText(name);
  if (text === undefined) return { why: 'has a name that is not UTF-8, or with control characters in it' };
  if (text === '') return { why: 'has no name' };
  if (text.startsWith('/')) return { why: 'has an absolute name' };
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { why: 'has ".." in its name' };
  if (name.length > pathBytes) return { why: `has a name of more than ${pathBytes} bytes` };
  if (parts.length > depth) return { why: `lies more than ${depth} folders deep` };
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME_BYTES)) {
    return { why: `has a name with a part of more than ${LONGEST_NAME_BYTES} bytes` };
  }
  return { path: parts.join('/') };
}

/** UTF-8 on one line; undefined for anything else. */
export function readText(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  return CONTROL.test(text) ? undefined : text;
}
