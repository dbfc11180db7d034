import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  lutimesSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  type Digest,
  digestOfBytes,
  fail,
  formatBytes,
  type HostPath,
  ok,
  type Problem,
  plainText,
  type Result,
  startDigest,
} from '#base';
import { type ArtifactManifest, type Entry, manifestOf } from '#manifest';
import type { BuildName } from '#plan';
import type { Exception } from '#recipe';

/** What packing needs to know of a build. */
export type PackRules = {
  readonly build: BuildName;
  readonly exceptions: Readonly<Record<string, Exception>>;
  readonly sourceDateEpoch: number;
  /** Links of the sysroot that a folder of the same name would hide, and with them every program behind them. */
  readonly links: readonly string[];
  /** Most that all files may hold together, by their sizes: a file of nothing but a hole has to be read as well. */
  readonly outputBytes: number;
};

/**
 * One buffer for all files of a tree, and calls that wait: promises, their requests and streams' buffers would pile up
 * by tens of megabytes faster than they are collected, and take more time than the calls themselves.
 */
type Packing = PackRules & { readonly piece: Uint8Array; bytesLeft: number; untilTurn: number };

const PIECE_BYTES = 1 << 18;

/** After so many pieces or files, others have their turn: a few milliseconds. */
const TURN = 32;

/** Any path of an artifact must be reachable below any store: a path has at most 4096 bytes (PATH_MAX). */
const LONGEST_PATH_BYTES = 3072;

/** More entries than any system has: their manifest would not fit into our memory. */
const MOST_ENTRIES = 500_000;

/** The layout's links (LFS chapter04/creatingminlayout). */
export const LAYOUT_LINKS: readonly string[] = ['/bin', '/lib', '/sbin', '/usr/lib64'];

/** The bits above plain permissions: setuid, setgid, sticky. */
const SPECIAL_BITS = 0o7000;

/**
 * Makes what a build left in $OUT the same for the same bytes: plain modes, one time for all, owners 0:0, and the
 * recipe's declared exceptions in the manifest only. No process of the build may be left: it could put a link in the
 * place of what was just looked at. Problems: special files, undeclared setuid, names that are no UTF-8, paths that
 * are too long, too much of anything, declared paths that are not there, empty output.
 */
export async function packTree(tree: HostPath, rules: PackRules): Promise<Result<ArtifactManifest>> {
  const entries: Entry[] = [];
  // The top folder is no entry, but the root of every sysroot that this artifact lies on top of.
  chmodSync(tree, 0o755);
  const piece = new Uint8Array(PIECE_BYTES);
  const packing: Packing = { ...rules, piece, bytesLeft: rules.outputBytes, untilTurn: TURN };
  const problem = await packFolder(tree, '', packing, entries);
  if (problem !== undefined) return fail(problem);
  const paths = new Set(entries.map((entry) => entry.path));
  const absent = Object.keys(rules.exceptions).find((path) => !paths.has(path));
  if (absent !== undefined) {
    return notAllowed(rules, absent, 'is declared in `exceptions`, and the build does not make it');
  }
  if (entries.length === 0) return notAllowed(rules, '/', 'is all there is: the build left nothing in $OUT');
  return ok(manifestOf(entries));
}

async function packFolder(
  tree: HostPath,
  folder: string,
  rules: Packing,
  entries: Entry[],
): Promise<Problem | undefined> {
  for (const name of readdirSync(join(tree, folder)).sort()) {
    // Node puts U+FFFD where a name is not UTF-8, and then finds no such file.
    if (name.includes('\ufffd')) return whyNot(rules, `${folder}/${name}`, 'has a name that is not UTF-8');
    const path = `${folder}/${name}`;
    if (Buffer.byteLength(path) > LONGEST_PATH_BYTES)
      return whyNot(rules, path, `is longer than ${LONGEST_PATH_BYTES} bytes`);
    if (entries.length === MOST_ENTRIES) return whyNot(rules, path, `is one more than ${MOST_ENTRIES} files`);
    const problem = await packEntry(tree, path, rules, entries);
    if (problem !== undefined) return problem;
  }
  lutimesSync(join(tree, folder), rules.sourceDateEpoch, rules.sourceDateEpoch);
  return undefined;
}

async function packEntry(
  tree: HostPath,
  path: string,
  rules: Packing,
  entries: Entry[],
): Promise<Problem | undefined> {
  await giveOthersATurn(rules);
  const hostPath = join(tree, path);
  const found = lstatSync(hostPath);
  const exception = rules.exceptions[path];
  const owner = { uid: exception?.uid ?? 0, gid: exception?.gid ?? 0 };
  if (found.isSymbolicLink()) {
    if (exception !== undefined)
      return whyNot(rules, path, 'is a link: `exceptions` can only name its target');
    const target = readlinkSync(hostPath);
    if (target.includes('\ufffd')) return whyNot(rules, path, 'points to a name that is not UTF-8');
    entries.push({ type: 'symlink', path, target });
    lutimesSync(hostPath, rules.sourceDateEpoch, rules.sourceDateEpoch);
    return undefined;
  }
  if (!found.isFile() && !found.isDirectory()) return whyNot(rules, path, 'is neither file, folder nor link');
  if ((found.mode & SPECIAL_BITS) !== 0 && exception?.mode === undefined) {
    return whyNot(rules, path, `has mode ${octal(found.mode)}, and the recipe does not declare it`);
  }
  if (found.isDirectory() && rules.links.includes(path)) {
    return whyNot(
      rules,
      path,
      'is a folder, and would hide the link of that name with all that is behind it',
    );
  }
  const plain = found.isDirectory() || (found.mode & 0o111) !== 0 ? 0o755 : 0o644;
  chmodSync(hostPath, plain);
  const mode = exception?.mode?.padStart(4, '0') ?? octal(plain);
  if (found.isDirectory()) {
    entries.push({ type: 'directory', path, mode, ...owner });
    return packFolder(tree, path, rules, entries);
  }
  lutimesSync(hostPath, rules.sourceDateEpoch, rules.sourceDateEpoch);
  rules.bytesLeft -= found.size;
  if (rules.bytesLeft < 0) {
    return whyNot(rules, path, `is too much: all files together may have ${formatBytes(rules.outputBytes)}`);
  }
  entries.push({
    type: 'file',
    path,
    sha256: await digestOfFile(hostPath, rules),
    sizeBytes: found.size,
    mode,
    ...owner,
  });
  return undefined;
}

async function digestOfFile(path: HostPath, rules: Packing): Promise<Digest> {
  const { piece } = rules;
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const first = readSync(file, piece);
    if (first < piece.length) return digestOfBytes(piece.subarray(0, first));
    const digest = startDigest();
    for (let bytesRead = first; bytesRead > 0; bytesRead = readSync(file, piece)) {
      digest.update(piece.subarray(0, bytesRead));
      await giveOthersATurn(rules);
    }
    return digest.end();
  } finally {
    closeSync(file);
  }
}

async function giveOthersATurn(rules: Packing): Promise<void> {
  rules.untilTurn -= 1;
  if (rules.untilTurn > 0) return;
  rules.untilTurn = TURN;
  await setImmediate();
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function notAllowed(rules: PackRules, path: string, reason: string): Result<never> {
  return fail(whyNot(rules, path, reason));
}

function whyNot(rules: PackRules, path: string, reason: string): Problem {
  return {
    kind: 'output-not-allowed',
    subject: rules.build,
    message: `${rules.build}: ${shown(path)} ${reason}`,
    hint: 'Declare owners and modes in the recipe under `exceptions`, or keep the package from making it',
  };
}

function shown(path: string): string {
  const text = plainText(path);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
