import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestOfBytes, fail, type HostPath, ok, type Result } from '#base';
import { artifactDigest, type Entry, manifestOf } from '#manifest';
import type { BuiltArtifact } from './built-artifact.ts';

/** What a made-up artifact holds: text or bytes of a file, a symlink, a directory. */
export type Sample =
  | string
  | Buffer
  | { readonly link: string }
  | { readonly mode: string; readonly uid?: number; readonly gid?: number; readonly text?: string };

/** A folder for one test, removed at its end. */
export function testFolder(): { readonly path: HostPath } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'image-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** Writes a made-up artifact into `folder/build`. Paths that end in a slash are directories. */
export function writeArtifact(
  folder: HostPath,
  build: string,
  samples: Readonly<Record<string, Sample>>,
  replaces: readonly string[] = [],
): BuiltArtifact & { readonly tree: HostPath } {
  const tree = join(folder, build);
  const entries = Object.entries(samples).map(([path, sample]) => writeSample(tree, path, sample));
  const manifest = manifestOf(entries);
  return { build, digest: artifactDigest(manifest), manifest, replaces, tree };
}

function writeSample(tree: HostPath, path: string, sample: Sample): Entry {
  const hostPath = join(tree, path);
  mkdirSync(dirname(hostPath), { recursive: true });
  if (typeof sample === 'object' && 'link' in sample) {
    symlinkSync(sample.link, hostPath);
    return { type: 'symlink', path, target: sample.link };
  }
  const plain = typeof sample === 'string' || Buffer.isBuffer(sample);
  const owner = plain
    ? { mode: '0755', uid: 0, gid: 0 }
    : { mode: sample.mode, uid: sample.uid ?? 0, gid: sample.gid ?? 0 };
  if (path.endsWith('/')) {
    mkdirSync(hostPath, { recursive: true });
    return { type: 'directory', path: path.slice(0, -1), ...owner };
  }
  const bytes = Buffer.from(plain ? sample : (sample.text ?? ''));
  writeFileSync(hostPath, bytes, { mode: 0o600 });
  return { type: 'file', path, sha256: digestOfBytes(bytes), sizeBytes: bytes.length, ...owner };
}

/** Whether a program is on this machine. */
export function hasProgram(name: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${name}`]).status === 0;
}

/** Runs a tools script with the host's own programs, in the given environment and no other. */
export function hostTools(environment: Readonly<Record<string, string>>) {
  return async (script: string, workFolder: HostPath): Promise<Result<void>> => {
    const run = spawnSync('bash', ['--norc', '-c', `set -eu -o pipefail\n${script}`], {
      cwd: workFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'POSIX', TZ: 'UTC', ...environment },
      encoding: 'utf8',
    });
    if (run.status === 0) return ok(undefined);
    return fail({ kind: 'image-failed', subject: 'tools', message: run.stderr + run.stdout });
  };
}

/** The smallest ELF file that names an interpreter and libraries; it cannot run. */
export function elfSample(interpreter: string | undefined, needed: readonly string[]): Buffer {
  const address = 0x400000;
  const strings = Buffer.from(`\0${[...needed, interpreter ?? ''].join('\0')}\0`);
  const nameAt = (name: string) => strings.indexOf(`\0${name}\0`) + 1;
  const stringsOffset = 64 + 3 * 56;
  const tags: [number, number][] = [
    ...needed.map((name): [number, number] => [1, nameAt(name)]),
    [5, address + stringsOffset],
    [0, 0],
  ];
  const dynamic = Buffer.alloc(tags.length * 16);
  for (const [at, [tag, value]] of tags.entries()) {
    dynamic.writeBigInt64LE(BigInt(tag), at * 16);
    dynamic.writeBigUInt64LE(BigInt(value), at * 16 + 8);
  }
  const dynamicOffset = stringsOffset + strings.length;
  const size = dynamicOffset + dynamic.length;
  const segments = [[1, 0, size]];
  if (needed.length > 0) segments.push([2, dynamicOffset, dynamic.length]);
  if (interpreter !== undefined)
    segments.push([3, stringsOffset + nameAt(interpreter), interpreter.length + 1]);
  const head = Buffer.alloc(stringsOffset);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  // ET_DYN of x86-64 (elf.h).
  head.writeUInt16LE(3, 16);
  head.writeUInt16LE(62, 18);
  head.writeBigUInt64LE(64n, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(segments.length, 56);
  for (const [at, [type = 0, offset = 0, sizeBytes = 0]] of segments.entries()) {
    head.writeUInt32LE(type, 64 + at * 56);
    head.writeBigUInt64LE(BigInt(offset), 64 + at * 56 + 8);
    head.writeBigUInt64LE(BigInt(address + offset), 64 + at * 56 + 16);
    head.writeBigUInt64LE(BigInt(sizeBytes), 64 + at * 56 + 32);
  }
  return Buffer.concat([head, strings, dynamic]);
}
