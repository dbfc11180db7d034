import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { digestOfBytes, isErrno } from '#base';

/** One thing in a tree, as a line that has all of it but its time. */
export type Seen = { readonly path: string; readonly kind: string; readonly line: string };

/** What lies in a tree, by its paths. Files that are one file have one name: that of the first. */
export function lookAt(folder: string): Seen[] {
  const firsts = new Map<number, string>();
  const names = namesBelow(folder);
  return names.sort().map((name) => {
    const path = pathBelow(folder, name);
    const found = lstatSync(path);
    const mode = (found.mode & 0o7777).toString(8);
    if (found.isDirectory()) return { path: name, kind: 'folder', line: `${name} folder ${mode}` };
    if (found.isSymbolicLink()) {
      return { path: name, kind: 'link', line: `${name} -> ${readlinkSync(path, 'latin1')}` };
    }
    if (!found.isFile()) return { path: name, kind: 'special', line: `${name} special ${mode}` };
    const first = firsts.get(found.ino) ?? name;
    firsts.set(found.ino, first);
    return {
      path: name,
      kind: 'file',
      line: `${name} file ${mode} ${first} ${digestOfBytes(readFileSync(path))}`,
    };
  });
}

/** Names by their bytes, a character each: some are no text. */
function namesBelow(folder: string, below = ''): string[] {
  const found = readdirSync(pathBelow(folder, below), { withFileTypes: true, encoding: 'buffer' });
  return found.flatMap((entry) => {
    const name = `${below}${below === '' ? '' : '/'}${entry.name.toString('latin1')}`;
    return entry.isDirectory() ? [name, ...namesBelow(folder, name)] : [name];
  });
}

function pathBelow(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}

/** The links of a tree that lead out of it, as the kernel follows them. */
export function leavingLinks(folder: string, seen: readonly Seen[]): string[] {
  const links = seen.filter(({ kind }) => kind === 'link').map(({ path }) => path);
  return links.filter((path) => !`${whereLeads(folder, path)}/`.startsWith(`${folder}/`));
}

/** Links that lead nowhere, or in a circle, stay. */
function whereLeads(folder: string, link: string): string {
  try {
    return realpathSync(pathBelow(folder, link).toString());
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ELOOP') || isErrno(error, 'ENOTDIR')) return folder;
    throw error;
  }
}

/** All of a folder outside, its times and links among it: whatever is done to it shows. */
export function digestOfCanary(folder: string): string {
  const stats = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].sort().map((name) => {
    const { mode, nlink, size, mtimeMs, ctimeMs, ino } = lstatSync(join(folder, name));
    return `${name} ${mode} ${nlink} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
  });
  return digestOfBytes([...stats, ...lookAt(folder).map(({ line }) => line)].join('\n'));
}
