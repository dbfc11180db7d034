/** What is built again after a change: what it really reaches, and nothing after that. With real builds of toys. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { digestOfData } from '#base';
import { openRig, outcomes, type Rig } from '../rig.ts';
import { type Toy, toyWords, writeToy, writeToyProfile } from './toy.ts';

let rig: Rig;
before(async () => {
  rig = await openRig();
  await writeToyProfile(rig);
  await writeBottom('echo one > $OUT/version');
  await writeToy(rig, 'middle', { needs: ['bottom'], build: 'cp /mnt/lfs/version $OUT/seen' });
  await writeToy(rig, 'top', { needs: ['middle'] });
  await writeToy(rig, 'aside');
  await writeInside();
});
after(() => rig[Symbol.asyncDispose]());

describe('a build', () => {
  test('is done once', async () => {
    assert.deepEqual(await build(), all('built'));
    assert.deepEqual(await build(), all('reused'));
  });

  test('is not repeated for a comment in a recipe', async () => {
    await writeBottom('echo one > $OUT/version', { more: '// Says nothing that a build could see.' });
    assert.deepEqual(await build(), all('reused'));
  });

  test('is repeated when a flag of it changes, and nothing after it where the bytes are the same', async () => {
    await writeBottom('echo one > $OUT/version; : -O3');
    assert.deepEqual(await build(), { ...all('reused'), 'system/bottom': 'built' });
    assert.deepEqual(await build(), all('reused'));
  });

  test('that comes out different repeats what needs it, and nothing else', async () => {
    await writeBottom('echo two > $OUT/version');
    assert.deepEqual(await build(), { ...all('built'), 'system/aside': 'reused' });
  });

  test('is not repeated when a change is taken back', async () => {
    await writeBottom('echo one > $OUT/version');
    assert.deepEqual(await build(), all('reused'));
  });

  test('that nothing needs repeats nothing, whatever comes of it', async () => {
    await writeToy(rig, 'top', { needs: ['middle'], build: 'echo other > $OUT/other' });
    assert.deepEqual(await build(), { ...all('reused'), 'system/top': 'built' });
  });
});

describe('another version of a tool of the host', () => {
  test('repeats what sees the host, once, and nothing inside the new system where the bytes are the same', async () => {
    const layout = await rig.run(...toyWords(rig), 'build', 'prepare/layout');
    assert.equal(layout.exitCode, 0, layout.stderr);
    const inside = await keyOf('system/inside');
    const bottom = await keyOf('system/bottom');

    await pretendOtherCompiler();
    assert.notEqual(await keyOf('system/bottom'), bottom);
    assert.equal(await keyOf('system/inside'), null, 'what it needs is to be built first');
    assert.deepEqual(await build('prepare/layout'), { ...all('built'), 'prepare/layout': 'built' });
    assert.deepEqual(await build('prepare/layout'), { ...all('reused'), 'prepare/layout': 'reused' });
    assert.equal(await keyOf('system/inside'), inside);
  });
});

/** The build that the others stand on; its phase is the flag that changes. */
function writeBottom(phase: string, more: Toy = {}): Promise<void> {
  return writeToy(rig, 'bottom', { ...more, build: phase });
}

/** A build that sees nothing of the host; it is planned here and never run. */
function writeInside(): Promise<void> {
  return rig.write(
    'recipes/inside/recipe.ts',
    `import { defineRecipe, script, sh } from 'blazeneuro/recipe';
     export default defineRecipe({
       name: 'inside', license: 'MIT', sources: {},
       builds: { system: script({ sandbox: 'chroot', base: 'none', install: sh\`mkdir $OUT/inside\` }) },
     });`,
  );
}

/** Builds the toys, and gives how each came out. */
async function build(...more: string[]): Promise<Record<string, string>> {
  const run = await rig.run(...toyWords(rig), 'build', '--json', 'system/top', 'system/aside', ...more);
  assert.equal(run.exitCode, 0, run.stderr);
  return outcomes(run);
}

function all(outcome: string): Record<string, string> {
  const names = ['system/bottom', 'system/middle', 'system/top', 'system/aside'];
  return Object.fromEntries(names.map((name) => [name, outcome]));
}

/** The key of a build as it stands; null while a need of it is to be built. */
async function keyOf(build: string): Promise<string | null> {
  const plan = await rig.run(...toyWords(rig), 'plan', '--json', build);
  assert.equal(plan.exitCode, 0, plan.stderr);
  const lines = plan.stdout.trimEnd().split('\n');
  const planned = lines.map((line) => JSON.parse(line) as { build: string; key: string | null });
  const found = planned.find((one) => one.build === build);
  assert.ok(found !== undefined, plan.stdout);
  return found.key;
}

/** What the program keeps of the answers of the host's tools, as if a package update had changed one. */
async function pretendOtherCompiler(): Promise<void> {
  const file = join(rig.store, 'state', 'host', 'tools.json');
  const { files, tools } = JSON.parse(await readFile(file, 'utf8'));
  const others = { files, tools: { ...tools, gcc: 'gcc (Another) 99.1.0' } };
  await writeFile(file, JSON.stringify({ ...others, digest: digestOfData(others) }));
}
