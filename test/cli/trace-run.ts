/**
 * Preloaded into a run of the program by its test: writes the modules that it loaded and the children that it started
 * into the file BLAZENEURO_TEST_TRACE names.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** What a run took. */
export type RunTrace = { readonly modules: readonly string[]; readonly children: readonly string[] };

const modules: string[] = [];
const children: string[] = [];
const file = process.env['BLAZENEURO_TEST_TRACE'];

if (file !== undefined) {
  registerHooks({
    load(url, context, nextLoad) {
      modules.push(url);
      return nextLoad(url, context);
    },
  });
  subscribe('child_process', (message) => {
    const { process: child } = message as { process: { spawnargs: readonly string[] } };
    // The arguments are known when the spawning has returned.
    queueMicrotask(() => children.push(child.spawnargs.join(' ')));
  });
  process.on('exit', () => {
    const trace: RunTrace = { modules, children };
    writeFileSync(file, JSON.stringify(trace));
  });
}
