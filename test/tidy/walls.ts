import { posix } from 'node:path';
import { blankOut } from './blank-out.ts';
import { LAYERS, NETWORK_FOLDERS, PRINTING_FOLDERS, PURE_FOLDERS } from './layers.ts';
import { type Fault, faultAt, faultsWhere, folderOf, isTest, type SourceFile } from './source-file.ts';

/** `from '…'`, `import '…'`, `import('…')`, `import.meta.resolve('…')`: types count like values. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bimport\.meta\.resolve\(\s*)(['"])([^'"]+)\1/g;

const TOUCHES_WORLD =
  /\b(?:process\.(?:env|cwd|argv|uid|getuid)|Date\.now|new Date\(\)|performance\.now|Math\.random)\b/g;
const PURE_MODULES = new Set(['node:crypto', 'node:path', 'node:buffer', 'node:util', 'node:zlib']);
const NETWORK_MODULES = new Set([
  'undici',
  'node:http',
  'node:https',
  'node:http2',
  'node:tls',
  'node:dgram',
]);

/** Every import that goes past a door, upward, or where a folder has no business. */
export function checkImports(file: SourceFile): Fault[] {
  const folder = folderOf(file.path);
  if (folder === undefined) return [];
  const code = blankOut(file.text, 'comments');
  return [...code.matchAll(IMPORT)].flatMap((match) => {
    const message = faultOfImport(file.path, folder, match[2] ?? '');
    return message === undefined ? [] : [faultAt(file, match.index, message)];
  });
}

function faultOfImport(path: string, folder: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const reached = posix.join(posix.dirname(path), specifier);
    return reached.startsWith(`src/${folder}/`) ? undefined : `goes past the door: ${specifier}`;
  }
  if (specifier.startsWith('#')) return faultOfDoor(folder, specifier.slice(1));
  if (isTest(path)) return undefined;
  if (PURE_FOLDERS.includes(folder) && specifier.startsWith('node:') && !PURE_MODULES.has(specifier)) {
    return `${folder} is pure and may not import ${specifier}`;
  }
  if (NETWORK_MODULES.has(specifier) && !NETWORK_FOLDERS.includes(folder)) {
    return `${folder} may not reach the network: ${specifier}`;
  }
  return undefined;
}

function faultOfDoor(folder: string, imported: string): string | undefined {
  if (imported === 'base' || imported === folder) {
    return imported === folder ? `imports its own door: #${imported}` : undefined;
  }
  const rule = LAYERS[folder];
  if (rule === undefined) return `${folder} is not in the table of layers`;
  return rule.mayImport.includes(imported) ? undefined : `${folder} may not import #${imported}`;
}

/** Disk, clock and environment in a pure folder; the network and the terminal where they are not for. */
export function checkEffects(file: SourceFile): Fault[] {
  const folder = folderOf(file.path);
  if (folder === undefined || isTest(file.path)) return [];
  const code = blankOut(file.text, 'comments-and-texts');
  const faults: Fault[] = [];
  if (PURE_FOLDERS.includes(folder)) {
    faults.push(...faultsWhere(file, code, TOUCHES_WORLD, `${folder} is pure`));
  }
  if (!NETWORK_FOLDERS.includes(folder)) {
    faults.push(...faultsWhere(file, code, /(?<![\w.])fetch\(/g, `${folder} may not reach the network`));
  }
  if (!PRINTING_FOLDERS.includes(folder)) {
    const printing =
      /\bconsole\.(?:log|error|warn|info|debug|trace|table|dir)\b|\bprocess\.std(?:out|err)\b/g;
    faults.push(...faultsWhere(file, code, printing, 'only report and cli print'));
  }
  return faults;
}

/** The layer table itself: downward only, with `build` above `source` as the one step inside a layer. */
export function checkLayerTable(): string[] {
  return Object.entries(LAYERS).flatMap(([folder, { layer, mayImport }]) =>
    mayImport
      .filter((imported) => !isBelow(imported, folder, layer))
      .map((imported) => `${folder} → ${imported} does not go downward`),
  );
}

function isBelow(imported: string, folder: string, layer: number): boolean {
  const other = LAYERS[imported];
  if (other === undefined) return false;
  return other.layer < layer || (folder === 'build' && imported === 'source');
}

/** One door a folder, which opens with what the folder is, what it is not, and its invariant. */
export function checkDoors(files: readonly SourceFile[]): Fault[] {
  const folders = new Set(files.flatMap(({ path }) => folderOf(path) ?? []));
  return [...folders].flatMap((folder) => {
    const path = `src/${folder}/index.ts`;
    const door = files.find((file) => file.path === path);
    if (LAYERS[folder] === undefined) return [{ path, line: 1, message: 'is not in the table of layers' }];
    // The program itself is the door of cli: nothing imports it.
    if (folder === 'cli') return [];
    if (door === undefined) return [{ path, line: 1, message: 'the folder has no door' }];
    const opening = /^\/\*\*[\s\S]*?\*\//.exec(door.text)?.[0] ?? '';
    if (!/invariant/i.test(opening)) return [faultAt(door, 0, 'does not open with purpose and invariant')];
    return [];
  });
}
