import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** The files of the recipe that ships our boot scripts. */
export const BOOT_FILES = join(import.meta.dirname, '../../recipes/boot-scripts/files');

/** The initrd's init. */
export const INITRD_INIT = join(import.meta.dirname, '../../recipes/initrd/files/init');

/** A folder that is gone when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shell-test-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a piece of shell text that sources ours; with `tools`, fake programs of these names and bodies come first. */
export function runShell(
  shell: 'bash' | 'dash',
  text: string,
  options: { readonly tools?: Readonly<Record<string, string>>; readonly input?: string } = {},
): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  const folder = temporaryFolder();
  for (const [name, body] of Object.entries(options.tools ?? {})) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const { stdout, stderr, status } = spawnSync(shell, ['-c', text, shell], {
    encoding: 'utf8',
    input: options.input ?? '',
    env: { PATH: `${folder}:/usr/bin:/usr/sbin:/bin:/sbin`, LC_ALL: 'C' },
    timeout: 20_000,
  });
  return { stdout, stderr, status };
}
