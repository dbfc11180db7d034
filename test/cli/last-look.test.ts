/** A build with nothing to do, for the second time: what it goes by, and that it misses no change. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOfBytes } from '#base';
import type { Event } from '#event';
import { openRig, PROJECT, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';
import type { RunTrace } from './trace-run.ts';

/** What is younger when a run begins is not settled; see src/cli/remember-look.ts. */
const SETTLED_MS = 3000;

let rig: Rig;
before(async () => {
  rig = await openRig();
  await writeToyProfile(rig);
  await writeToy(rig, 'below');
  await writeToy(rig, 'toy', { needs: ['below'] });
  await rig.write('recipes/toy/files/note', 'one');
});
after(() => rig[Symbol.asyncDispose]());

test('it tells the same as a proper look, and loads nothing that reads a project', async () => {
  await settle();
  const [first, proper] = [build(), build()];
  assert.equal(first.outcome, 'built');
  assert.equal(proper.isRepeated, false);
  const repeated = build();
  assert.equal(repeated.isRepeated, true);
  assert.deepEqual(repeated.events, proper.events);
  assert.equal(repeated.events.length, 4);
  for (const folder of ['config', 'plan', 'recipe', 'store', 'host', 'source']) {
    assert.ok(!repeated.folders.includes(folder), `src/${folder} was loaded`);
  }
  assert.match(await rig.read('logs/events.jsonl'), /"type":"finished","ok":true/);
});

test('what changed shortly before is looked at again, until it has settled', async () => {
  await rig.write('recipes/toy/files/note', 'two');
  // However slow this machine is: what is of the future cannot have settled.
  const note = join(rig.overlay, 'recipes/toy/files/note');
  const inAnHour = Date.now() / 1000 + 3600;
  await utimes(note, inAnHour, inAnHour);
  assert.equal(build().outcome, 'built');
  assert.deepEqual([build().isRepeated, build().isRepeated], [false, false]);
  await utimes(note, 1, 1);
  await lookTwice();
});

test('another environment, user or folder is another look', async () => {
  await lookTwice();
  assert.equal(build({ env: { LOOKED_AT_BY_A_RECIPE: '1' } }).isRepeated, false);
  assert.equal(build({ cwd: rig.folder }).isRepeated, false);
});

test('what garbage collection goes by is the time of this run', async () => {
  await lookTwice();
  const [use = ''] = await readdir(join(rig.store, 'uses'));
  const path = join(rig.store, 'uses', use);
  await utimes(path, 1, 1);
  assert.equal(build().isRepeated, true);
  assert.ok((await stat(path)).mtimeMs > Date.now() - 60_000);
  await rm(path);
  assert.equal(build().isRepeated, false);
  assert.ok((await stat(path)).mtimeMs > Date.now() - 60_000);
});

test('an artifact that is gone from the store is built again', async () => {
  await lookTwice();
  await removeArtifactOf('system/below');
  const { isRepeated, events } = build();
  assert.equal(isRepeated, false);
  assert.deepEqual(outcomesOf(events), ['built', 'reused']);
});

test('a store that others may write to is refused as ever', async () => {
  await lookTwice();
  await chmod(join(rig.store, 'keys'), 0o777);
  assert.equal(build({ mayFail: true }).exitCode, 4);
  await chmod(join(rig.store, 'keys'), 0o755);
});

test('a look that others could have written is not believed', async () => {
  await lookTwice();
  const folder = join(rig.store, 'state');
  await chmod(folder, 0o777);
  // As somebody would write it who wants to be believed.
  for (const name of await readdir(join(folder, 'looks'))) {
    const path = join(folder, 'looks', name);
    const [, text = ''] = (await readFile(path, 'utf8')).split('\n');
    const look = JSON.parse(text);
    const { mode, uid } = await stat(folder);
    const other = JSON.stringify({ ...look, folders: { ...look.folders, [folder]: `${mode} ${uid}` } });
    await writeFile(path, `${digestOfBytes(other)}\n${other}\n`);
  }
  assert.equal(build({ mayFail: true }).exitCode, 4);
  await chmod(folder, 0o755);
});

test('a look that is damaged is none', async () => {
  await lookTwice();
  for (const name of await readdir(join(rig.store, 'state/looks'))) {
    const path = join(rig.store, 'state/looks', name);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"reused"', '"failed"'));
  }
  assert.equal(build().isRepeated, false);
});

test('a file that a recipe imports is looked at, wherever it lies', async () => {
  const shared = join(rig.folder, 'shared.ts');
  await writeFile(shared, `export const words = 'one';\n`);
  await writeToyThatImports(`import { words } from '../../../shared.ts';`, 'words');
  build();
  await lookTwice();
  await writeFile(shared, `export const words = 'two';\n`);
  assert.equal(build().outcome, 'built');
});

test('a recipe that can read what nobody knows of is read each time', async () => {
  await writeToyThatImports(
    `import { readFileSync } from 'node:fs';`,
    `readFileSync('/etc/hostname', 'utf8').length`,
  );
  build();
  await settle();
  assert.deepEqual([build().isRepeated, build().isRepeated], [false, false]);
});

test('a run that is to do more is no look', async () => {
  await writeToy(rig, 'toy', { needs: ['below'] });
  build();
  await settle();
  for (const words of [['--rebuild', 'system/toy'], ['--check'], ['--trace', 'trace.json']]) {
    build({ words });
    assert.equal(build({ words }).isRepeated, false, words.join(' '));
  }
});

/** Until a look can be kept, and one that is. */
async function lookTwice(): Promise<void> {
  await settle();
  build();
  assert.equal(build().isRepeated, true);
}

function settle(): Promise<void> {
  return sleep(SETTLED_MS + 100);
}

async function writeToyThatImports(line: string, expression: string): Promise<void> {
  await rig.write(
    'recipes/toy/recipe.ts',
    `import { defineRecipe, script, sh } from 'blazeneuro/recipe';
     ${line}
     export default defineRecipe({
       name: 'toy', license: 'MIT', sources: {},
       builds: {
         system: script({
           sandbox: 'cross', base: 'none', needs: ['below'],
           install: sh\`mkdir -p $OUT/usr/share; echo \${String(${expression})} > $OUT/usr/share/toy\`,
         }),
       },
     });`,
  );
}

async function removeArtifactOf(build: string): Promise<void> {
  const record = JSON.parse(await readFile(join(rig.store, 'builds', `${build}.json`), 'utf8'));
  await rm(join(rig.store, 'artifacts', record.artifact), { recursive: true });
}

type BuildOptions = {
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly mayFail?: boolean;
};

function build({ words = [], env = {}, cwd = rig.cwd, mayFail = false }: BuildOptions = {}) {
  const traceFile = join(rig.folder, 'trace.json');
  const argv = [...toyWords(rig), 'build', 'system/toy', '--json', ...words];
  const run = spawnSync(join(PROJECT, 'blazeneuro'), argv, {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      BLAZENEURO_STORE: rig.store,
      BLAZENEURO_TEST_TRACE: traceFile,
      NODE_OPTIONS: `--import=${new URL('trace-run.ts', import.meta.url).href}`,
      ...env,
    },
  });
  if (!mayFail) assert.equal(run.status, 0, run.stderr);
  const { modules } = JSON.parse(readFileSync(traceFile, 'utf8')) as RunTrace;
  const folders = modules.flatMap((url) => /\/src\/([a-z]+)\/[^/]+\.ts$/.exec(url)?.[1] ?? []);
  const events = run.stdout.split('\n').filter((line) => line !== '');
  return {
    exitCode: run.status,
    folders,
    /** Whether the last look was enough: a proper one reads the project. */
    isRepeated: run.status === 0 && !folders.includes('config'),
    outcome: outcomesOf(events.map(parseEvent)).at(-1),
    events: events.map(parseEvent),
  };
}

/** An event without what no two runs have in common. */
function parseEvent(line: string): Event {
  const { atMs, wallMs, ...event } = JSON.parse(line);
  return event as Event;
}

function outcomesOf(events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'action-finished' ? [event.outcome] : []));
}
