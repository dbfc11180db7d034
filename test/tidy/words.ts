import { type Fault, faultsWhere, type SourceFile } from './source-file.ts';

// Put together from pieces, so that this file does not hold what it looks for.
const UNDONE = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'].join('|')})\\b`, 'g');

const REGISTRY_HOSTS = new RegExp(
  [
    ['registry', 'npmjs'],
    ['npmjs', 'org'],
    ['deb', 'debian', 'org'],
    ['snapshot', 'debian', 'org'],
    ['security', 'debian', 'org'],
    ['archive', 'ubuntu', 'com'],
    ['pypi', 'org'],
    ['files', 'pythonhosted'],
    ['crates', 'io'],
    ['proxy', 'golang', 'org'],
  ]
    .map((parts) => parts.join('\\.'))
    .join('|'),
  'g',
);

const MACHINE_PATHS = new RegExp(`/${'work'}/(?:main|shared|\\.library)|/tmp/${'brief'}`, 'g');

/** A failure that is hidden: the shell goes on as if nothing had happened. */
const SWALLOWED = /\|\|\s*(?:true|:)(?=\s|$|[;)`'"])/g;

/** Any text of the project: nothing left undone, no host of a registry, no path of one machine, nothing swallowed. */
export function checkWords(file: SourceFile): Fault[] {
  return [
    ...faultsWhere(file, file.text, UNDONE, 'left undone'),
    ...faultsWhere(file, file.text, REGISTRY_HOSTS, 'the host of a registry'),
    ...faultsWhere(file, file.text, MACHINE_PATHS, 'a path of one machine'),
    ...(file.path.endsWith('.md') ? [] : faultsWhere(file, file.text, SWALLOWED, 'a swallowed failure')),
  ];
}
