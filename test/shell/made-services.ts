import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './shell.ts';

const FILES = join(import.meta.dirname, '../../recipes/services/files');

/** Who runs a command: nobody in particular. */
export const NOBODY = 65_534;

/** What the tests cannot wait for: the keeper looks at its logs this often, and finds this much too long. */
const LOOK_SECONDS = '0.1';
export const LARGEST_LOG_BYTES = 3840;

type Services = {
  /** The words of `service`, and who says them. */
  readonly service: (...words: readonly string[]) => Answer;
  readonly serviceAs: (user: number, ...words: readonly string[]) => Answer;
  /** Where everything lies; the lines of services have it for `FOLDER`. */
  readonly folder: string;
  /** A file in it: what it holds, how long it is, and a program to be run by dash. */
  readonly read: (name: string) => string;
  readonly size: (name: string) => number;
  readonly addProgram: (name: string, text: string) => void;
};

type Answer = { readonly stdout: string; readonly stderr: string; readonly status: number | null };

/** A folder of services, each the lines that make it, and what is told to them. All may look into it. */
export function makeServices(services: Readonly<Record<string, string>>): Services {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'init.d'));
  writeFileSync(join(folder, 'services'), '# Names.\n');
  for (const name of ['service', 'service-command']) cpSync(join(FILES, name), join(folder, name));
  writeFileSync(join(folder, 'keep-running'), keeperForTests(), { mode: 0o755 });
  for (const [name, lines] of Object.entries(services)) {
    const own = lines.replaceAll('FOLDER', folder);
    const text = `#!/usr/bin/env dash\n# ${name} for tests.\nlog=${folder}/${name}.log\n${own}\n. ${folder}/service\n`;
    writeFileSync(join(folder, 'init.d', name), text, { mode: 0o755 });
  }
  const serviceAs = (user: number | undefined, ...words: readonly string[]): Answer => {
    const { stdout, stderr, status } = spawnSync('dash', [join(folder, 'service-command'), ...words], {
      encoding: 'utf8',
      timeout: 60_000,
      env: environment(folder),
      ...(user === undefined ? {} : { uid: user }),
    });
    return { stdout, stderr, status };
  };
  return {
    service: (...words) => serviceAs(undefined, ...words),
    serviceAs,
    folder,
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    size: (name) => statSync(join(folder, name)).size,
    addProgram: (name, text) =>
      writeFileSync(join(folder, name), `#!/usr/bin/env dash\n${text}\n`, { mode: 0o755 }),
  };
}

const environment = (folder: string) => ({
  PATH: process.env['PATH'],
  SERVICE_FOLDER: join(folder, 'init.d'),
  SERVICE_LIST: join(folder, 'services'),
  SERVICE_STATE: join(folder, 'state'),
  KEEP_RUNNING: join(folder, 'keep-running'),
});

/** The keeper, run by the dash of this machine, and less patient with logs. */
function keeperForTests(): string {
  return readFileSync(join(FILES, 'keep-running'), 'utf8')
    .replace(/^#!.*/, '#!/usr/bin/env dash')
    .replace(/^LOOK_SECONDS=.*/m, `LOOK_SECONDS=${LOOK_SECONDS}`)
    .replace(/^LARGEST_LOG_BYTES=.*/m, `LARGEST_LOG_BYTES=${LARGEST_LOG_BYTES}`);
}

/** Waits until it is so; a service does things by itself. */
export function until(what: string, isSo: () => boolean): void {
  for (let tries = 0; tries < 600; tries += 1) {
    if (isSo()) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  assert.fail(`It never came that ${what}`);
}
