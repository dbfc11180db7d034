import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfBytes, type HostPath } from '#base';

const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Files that loop devices stand for, all of them gone with the scope. */
export type LoopBench = Disposable & {
  readonly folder: HostPath;
  /** A file of zeros, whose digest is watched. */
  file(name: string, sizeBytes: number): HostPath;
  /** A loop device for a file, `/dev/loop3`, with further words for losetup: a device's path for that very one. */
  attach(file: HostPath, ...words: readonly string[]): HostPath;
  detach(device: HostPath): void;
  /** Digests of all files. */
  digests(): Readonly<Record<string, string>>;
};

/** Why loop devices cannot be tried here; false when they can, which is tried. */
export function whyNoLoops(): string | false {
  if (process.getuid?.() !== 0) return 'loop devices take root';
  const bench = openLoopBench();
  try {
    bench.attach(bench.file('tried', 4096));
    return false;
  } catch (error) {
    return `no loop devices here: ${error instanceof Error ? error.message : error}`;
  } finally {
    bench[Symbol.dispose]();
  }
}

/** Opens a bench. Only loop devices that it made are ever detached, and only while they stand for its own files. */
export function openLoopBench(): LoopBench {
  const folder = mkdtempSync(join(tmpdir(), 'loop-test-'));
  const files = new Set<HostPath>();
  const devices = new Set<HostPath>();
  const detach = (device: HostPath): void => {
    devices.delete(device);
    if (devicesUnder(folder).includes(device)) runTool('losetup', '--detach', device);
  };
  return {
    folder,
    file: (name, sizeBytes) => {
      const path = join(folder, name);
      writeFileSync(path, '');
      truncateSync(path, sizeBytes);
      files.add(path);
      return path;
    },
    attach: (file, ...words) => {
      const named = words.some((word) => word.startsWith('/dev/loop'));
      const [device = ''] = named ? words : [runTool('losetup', '--find', '--show', ...words, file).trim()];
      if (named) runTool('losetup', ...words, file);
      devices.add(device);
      return device;
    },
    detach,
    digests: () => Object.fromEntries([...files].map((file) => [file, digestOfBytes(readFileSync(file))])),
    [Symbol.dispose]: () => {
      // What stands for another of them was attached after it.
      for (const device of [...devices].reverse()) detach(device);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs a tool of the host, and gives what it said. */
export function runTool(name: string, ...words: readonly string[]): string {
  return execFileSync(name, words, { env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The loop devices that stand for files of a folder at this moment, or for such devices in turn. */
function devicesUnder(folder: HostPath): readonly HostPath[] {
  const { loopdevices } = JSON.parse(runTool('losetup', '--list', '--json') || '{"loopdevices":[]}') as {
    readonly loopdevices: readonly { readonly name: HostPath; readonly 'back-file': HostPath }[];
  };
  const found = new Set([folder]);
  for (const { name, 'back-file': file } of loopdevices.toSorted(
    (one, other) =>
      Number(one['back-file'].startsWith('/dev/')) - Number(other['back-file'].startsWith('/dev/')),
  )) {
    if (found.has(file) || file.startsWith(`${folder}/`)) found.add(name);
  }
  return [...found];
}
