import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok } from '#base';
import { enterArgv, failedFolder } from '#build';
import { runProgram } from '#process';
import { findBuild } from './one-build.ts';
import type { Handler } from './run-command.ts';
import { sandboxHost } from './session.ts';

/** `shell BUILD`: bash in the sandbox of a failed build, with its work folder and $OUT as they were. */
export function shellCommand(name: string): Handler {
  return async (session) => {
    const one = await findBuild(session, name);
    if (!one.ok) return one;
    const folder = await failedFolder(name, session.store);
    if (!existsSync(folder)) {
      return fail({
        kind: 'not-built',
        subject: name,
        message: `${name} has not failed here, so there is nothing to look at`,
        hint: `blazeneuro build --rebuild ${name} ${name} runs it again`,
      });
    }
    const host = await sandboxHost(session);
    if (!host.ok) return host;
    const layerCount = Number(await readFile(join(folder, 'layer-count'), 'utf8'));
    const { planned, state } = one.value;
    const testsFailed = state.record?.checkPassed === false;
    const options = { host: host.value, jobs: session.flags.jobs, testsFailed };
    const program = await runProgram({
      argv: enterArgv(planned, { folder, layerCount }, options),
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdin: 'inherit',
      stdout: 'inherit',
      stderr: 'inherit',
      foreground: true,
    });
    return ok(program.exitCode ?? 1);
  };
}
