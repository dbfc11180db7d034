import { join } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import { problemOf, runProgram } from '#process';
import type { DirectKernel } from './machine.ts';
import { readFromEsp, type WithEsp } from './throw-away-stick.ts';

type Env = Readonly<Record<string, string>>;

/**
 * What the loader would start when nobody holds a key, taken from the stick's ESP into a folder: for boots that test
 * what comes behind the loader.
 */
export async function directKernel(
  stick: WithEsp,
  folder: HostPath,
  env: Env,
): Promise<Result<DirectKernel>> {
  const menu = await readFromEsp(stick, 'grub/grub.cfg', env);
  if (!menu.ok) return menu;
  const entry = normalEntry(menu.value);
  if (entry === undefined) {
    const message = 'Its menu has no entry `normal` with a kernel and an initrd.';
    return fail({ kind: 'boot-failed', subject: stick.path, message });
  }
  const kernelPath = join(folder, 'kernel');
  const initrdPath = join(folder, 'initrd');
  for (const [name, path] of [
    [entry.kernel, kernelPath],
    [entry.initrd, initrdPath],
  ] as const) {
    const drive = `${stick.path}@@${stick.esp?.offsetBytes}`;
    const taken = await runProgram({ argv: ['mcopy', '-n', '-o', '-i', drive, `::${name}`, path], env });
    if (!taken.succeeded) return fail(problemOf(taken, { kind: 'boot-failed', subject: name }));
  }
  return ok({ kernelPath, initrdPath, commandLine: entry.commandLine });
}

/** The files and the words of the normal entry, as our own menu writes them. */
export function normalEntry(
  menu: string,
): { readonly kernel: string; readonly initrd: string; readonly commandLine: string } | undefined {
  const entry = /^menuentry [^\n]*--id normal\b[^\n]*\{\n(.*?)^\}/ms.exec(menu)?.[1] ?? '';
  const [, kernel, words = ''] = /^\s*linux (\S+) (.*)$/m.exec(entry) ?? [];
  const initrd = /^\s*initrd (\S+)$/m.exec(entry)?.[1];
  if (kernel === undefined || initrd === undefined) return undefined;
  return { kernel, initrd, commandLine: unquote(words) };
}

/** GRUB's own quotes: 'it'\''s' is it's. */
function unquote(words: string): string {
  return words.replaceAll("'\\''", '\0').replaceAll("'", '').replaceAll('\0', "'");
}
