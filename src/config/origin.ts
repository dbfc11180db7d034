import { dirname, isAbsolute, join } from 'node:path';
import type { Origin } from '#recipe';

/** What an origin may look like, for people. */
export const ORIGIN_FORMS =
  'mirror://LIST/PATH, https://HOST/PATH, apt:SOURCE=VERSION/FILE or file:PATH, each with #MEMBER if need be';

const LIST_NAME = /^[a-z0-9][a-z0-9-]*$/;
// Debian Policy §5.6.1 (source names) and §5.6.12 (versions); the file is a plain name.
const APT = /^(?<source>[a-z0-9][a-z0-9+.-]+)=(?<version>[0-9][A-Za-z0-9.+~:-]*)\/(?<file>[^/\s]+)$/;

/** Reads an origin that was written down; undefined when it is none. A `file:` is beside `listFile`. */
export function parseOrigin(text: string, listFile: string): Origin | undefined {
  const hash = text.indexOf('#');
  const address = hash === -1 ? text : text.slice(0, hash);
  const member = hash === -1 ? undefined : text.slice(hash + 1);
  if (member !== undefined && !isInnerPath(member)) return undefined;
  const common = { text, ...(member === undefined ? {} : { member }) };

  if (address.startsWith('mirror://')) {
    const [list = '', ...rest] = address.slice('mirror://'.length).split('/');
    const path = rest.join('/');
    return LIST_NAME.test(list) && isInnerPath(path) ? { kind: 'mirror', list, path, ...common } : undefined;
  }
  if (address.startsWith('https://')) {
    return URL.canParse(address) ? { kind: 'https', url: address, ...common } : undefined;
  }
  if (address.startsWith('apt:')) {
    const { source, version, file } = APT.exec(address.slice('apt:'.length))?.groups ?? {};
    if (source === undefined || version === undefined || file === undefined) return undefined;
    return isInnerPath(file) ? { kind: 'apt', source, version, file, ...common } : undefined;
  }
  if (address.startsWith('file:')) {
    const path = address.slice('file:'.length);
    if (path === '') return undefined;
    return { kind: 'file', path: isAbsolute(path) ? path : join(dirname(listFile), path), ...common };
  }
  return undefined;
}

/** A path that stays where it is put, and that a shell or a program cannot take for anything else. */
function isInnerPath(path: string): boolean {
  return (
    /^[A-Za-z0-9._+~][A-Za-z0-9._+~:@%=/-]*$/.test(path) &&
    path.split('/').every((part) => !['', '.', '..'].includes(part))
  );
}
