import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for trials with the canary beside them: files that nothing may touch. */
export type Bench = Disposable & {
  readonly folder: string;
  readonly canary: string;
};

/** Makes a bench; gone with the scope. */
export function openBench(): Bench {
  const folder = realpathSync(mkdtempSync(join(process.env['TMPDIR'] ?? tmpdir(), 'unpack-')));
  const canary = join(folder, 'canary');
  mkdirSync(join(canary, 'inner'), { recursive: true });
  writeFileSync(join(canary, 'file'), 'as it was\n', { mode: 0o600 });
  writeFileSync(join(canary, 'inner/program'), '#!/bin/sh\n', { mode: 0o755 });
  return {
    folder,
    canary,
    [Symbol.dispose]: () => {
      removeAll(folder);
    },
  };
}

/** Removes what archives made, folders among it that nobody may write to. */
export function removeAll(...paths: readonly string[]): void {
  runBash(paths.map((path) => `chmod -R u+rwX '${path}'; rm -rf '${path}'`).join('\n'));
}

/** Runs shell text to its end; its failures are in what it leaves. */
export function runBash(text: string): void {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', SOURCE_DATE_EPOCH: '1735689600' };
  const ended = spawnSync('bash', ['-s'], { input: `umask 022\n${text}\n`, env, encoding: 'utf8' });
  if (ended.status === null) throw new Error(`bash was ended: ${ended.signal} ${ended.error}`);
}
