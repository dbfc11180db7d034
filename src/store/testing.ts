import { spawnSync } from 'node:child_process';
import { chmod, lutimes, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, digestOfBytes, digestOfData, type HostPath, unwrap } from '#base';
import { type ArtifactManifest, type Entry, manifestOf } from '#manifest';
import { openStore } from './local-store.ts';
import type { Store } from './store.ts';
import { recordUse } from './uses.ts';

/** What a toy artifact holds, by path: text, text that may be run, a link, or an empty folder. */
export type ToyTree = Readonly<
  Record<string, string | { readonly program: string } | { readonly link: string } | null>
>;

/** The one time of all files, in seconds since 1970. */
const EPOCH = 1_735_689_600;

/** A build of a toy store: its name, the keys of its needs by name, and what it makes. */
export type ToyBuild = { readonly build: string; readonly needs: readonly string[]; readonly tree: ToyTree };

export const TOY_BUILDS: readonly ToyBuild[] = [
  {
    build: 'temporary/sed',
    needs: [],
    tree: {
      '/usr/bin/sed': { program: 'a program' },
      '/usr/share/sed/doc': 'a text',
      '/usr/share/sed/none': '',
      '/usr/bin/gsed': { link: 'sed' },
      '/var/empty': null,
    },
  },
  {
    build: 'final/grep',
    needs: ['temporary/sed'],
    tree: { '/usr/bin/grep': { program: 'a program' }, '/usr/share/big': 'x'.repeat(600_000) },
  },
  // The same bytes under two keys: one artifact.
  { build: 'final/twin', needs: ['temporary/sed', 'final/grep'], tree: { '/usr/share/twin': 'twin' } },
  { build: 'final/other-twin', needs: [], tree: { '/usr/share/twin': 'twin' } },
];

export const TOY_SOURCES: readonly string[] = ['the bytes of a source', 'the bytes of another'];

/** Makes what a store lacks of the toys, as a run would; gives the artifact of each build. */
export async function buildToys(root: HostPath): Promise<Readonly<Record<string, Digest>>> {
  const store = unwrap(await openStore(root));
  for (const text of TOY_SOURCES) {
    if (await store.hasBlob(digestOfBytes(text))) continue;
    const file = join(await store.stagingFolder(), 'file');
    await writeFile(file, text);
    await store.addBlob(file, digestOfBytes(text));
  }
  const artifacts: Record<string, Digest> = {};
  const keys: Digest[] = [];
  for (const { build, needs, tree } of TOY_BUILDS) {
    const stacked = Object.fromEntries(needs.map((need) => [need, artifacts[need]]));
    const inputs = { action: { build }, needs: stacked, order: needs };
    const key = toyKey(inputs);
    keys.push(key);
    const record =
      (await store.lookUp(key)) ??
      (await commitToy(store, tree, { key, build, durationMs: 1, cpuMs: 1, inputs }));
    artifacts[build] = record.artifact;
  }
  const user = { project: '/project', overlay: null, profile: 'toy', targets: ['image'] };
  await recordUse(root, { user, keys, blobs: TOY_SOURCES.map(digestOfBytes) });
  return artifacts;
}

/** How toy keys are made: like real ones, from everything in the inputs. */
export function toyKey(inputs: unknown): Digest {
  return digestOfData(inputs);
}

/** Stages a toy tree as packing leaves it, and commits it. */
export async function commitToy(store: Store, tree: ToyTree, facts: Parameters<Store['commit']>[2]) {
  const staged = join(await store.stagingFolder(), 'out');
  await mkdir(staged);
  return store.commit(staged, await writeToyTree(staged, tree), facts);
}

async function writeToyTree(staged: HostPath, tree: ToyTree): Promise<ArtifactManifest> {
  const entries: Entry[] = [];
  const owner = { uid: 0, gid: 0 };
  for (const [path, content] of Object.entries(tree)) {
    const target = join(staged, path);
    await mkdir(content === null ? target : dirname(target), { recursive: true });
    if (content === null) continue;
    if (typeof content === 'object' && 'link' in content) {
      await symlink(content.link, target);
      entries.push({ type: 'symlink', path, target: content.link });
      continue;
    }
    const text = typeof content === 'string' ? content : content.program;
    const mode = typeof content === 'string' ? 0o644 : 0o755;
    await writeFile(target, text);
    await chmod(target, mode);
    const facts = { sha256: digestOfBytes(text), sizeBytes: text.length, mode: `0${mode.toString(8)}` };
    entries.push({ type: 'file', path, ...facts, ...owner });
  }
  for (const found of await readdir(staged, { recursive: true, withFileTypes: true })) {
    const path = join(found.parentPath, found.name);
    if (found.isDirectory()) {
      await chmod(path, 0o755);
      entries.push({ type: 'directory', path: path.slice(staged.length), mode: '0755', ...owner });
    }
    await lutimes(path, EPOCH, EPOCH);
  }
  await chmod(staged, 0o755);
  await lutimes(staged, EPOCH, EPOCH);
  return manifestOf(entries);
}

/** Copies a store with all its times, modes and links. */
export function copyStore(root: HostPath, target: HostPath): void {
  const copied = spawnSync('cp', ['-a', root, target], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(copied.stderr);
}
