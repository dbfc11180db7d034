import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { digestOfData } from '#base';
import { openRig, type Rig, type Run } from '../rig.ts';
import { type Toy, toyWords, writeToy, writeToyProfile } from './toy.ts';

type Cause = {
  readonly build: string;
  readonly kind: string;
  readonly changed: readonly {
    readonly path: string;
    readonly before: string | null;
    readonly now: string | null;
  }[];
  readonly needsAdded: readonly string[];
  readonly needsRemoved: readonly string[];
};

type Why = Omit<Cause, 'kind'> & {
  readonly key: string | null;
  readonly present: boolean;
  readonly needsChanged: readonly { readonly build: string; readonly now: string | null }[];
  readonly needsMissing: readonly string[];
  readonly causes: readonly Cause[];
};

describe('why', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToys({});
    assert.equal((await build()).exitCode, 0);
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  /** base <- middle <- top; `changes` says what is not as usual. */
  async function writeToys(changes: Readonly<Record<string, Toy>>): Promise<void> {
    await writeToy(rig, 'base', { build: 'echo one', ...changes['base'] });
    await writeToy(rig, 'middle', { needs: ['base'], ...changes['middle'] });
    await writeToy(rig, 'top', { needs: ['middle', 'base'], ...changes['top'] });
  }

  const build = (name = 'system/top'): Promise<Run> => rig.run(...toyWords(rig), 'build', name);

  const why = async (): Promise<Why> => {
    const run = await rig.run(...toyWords(rig), '--json', 'why', 'system/top');
    assert.equal(run.exitCode, 0, run.stderr);
    return JSON.parse(run.stdout) as Why;
  };

  const whyText = async (): Promise<string> => (await rig.run(...toyWords(rig), 'why', 'system/top')).stdout;

  test('nothing changed: nothing to build', async () => {
    const { present, causes, changed, needsMissing } = await why();
    assert.deepEqual(
      { present, causes, changed, needsMissing },
      { present: true, causes: [], changed: [], needsMissing: [] },
    );
    assert.match(
      await whyText(),
      /^system\/top: nothing to build: the store has what its key gives\nkey: [0-9a-f]{64}\n/,
    );
  });

  test('a comment of a recipe changed, and nothing else: nothing to build', async () => {
    await writeToys({ top: { needs: ['middle', 'base'], more: '// Only for people.\n' } });
    assert.equal((await why()).present, true);
  });

  test('its own phase changed: the lines that differ', async () => {
    await writeToys({ top: { needs: ['middle', 'base'], build: 'echo one\necho two' } });
    const { present, key, causes } = await why();
    assert.equal(present, false);
    assert.match(key ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(
      causes.map(({ build: name, kind, changed }) => [name, kind, changed.map(({ path }) => path)]),
      [['system/top', 'inputs-changed', ['action.phases.build']]],
    );
    assert.match(
      await whyText(),
      /to be built: its own inputs changed[\s\S]*phase build\n {4}- :\n {4}\+ echo one\n {4}\+ echo two\n/,
    );
  });

  test('a need of a need changed: the cause is there, and the key is not known yet', async () => {
    await writeToys({ base: { build: 'echo two' } });
    const { key, changed, needsMissing, causes } = await why();
    assert.equal(key, null);
    assert.deepEqual(changed, []);
    assert.deepEqual(needsMissing, ['system/base', 'system/middle']);
    assert.deepEqual(
      causes.map(({ build: name, changed: inputs }) => [name, inputs]),
      [
        [
          'system/base',
          [{ path: 'action.phases.build', what: 'phase build', before: 'echo one', now: 'echo two' }],
        ],
      ],
    );
    const text = await whyText();
    assert.match(text, /its own inputs are the same; what it needs is another/);
    assert.match(text, /not known yet: 2 of its needs/);
    assert.match(text, /because of system\/base:\n {2}phase build\n {4}- echo one\n {4}\+ echo two/);
  });

  test('a need was built again and gave the same bytes: nothing to build', async () => {
    await writeToys({ base: { build: 'echo two' } });
    assert.equal((await build('system/middle')).exitCode, 0);
    assert.equal((await why()).present, true);
  });

  test('a need was built again and gave others: what changed there, although it is done by now', async () => {
    await writeToys({ base: { build: 'mkdir -p $OUT/usr; echo other > $OUT/usr/other' } });
    assert.equal((await build('system/base')).exitCode, 0);
    const { needsChanged, causes } = await why();
    assert.deepEqual(
      needsChanged.map(({ build: name, now }) => [name, now !== null]),
      [
        ['system/base', true],
        ['system/middle', false],
      ],
    );
    assert.deepEqual(
      causes.map(({ build: name, changed }) => [name, changed.map(({ before }) => before)]),
      [['system/base', ['echo one']]],
    );
  });

  test('a need more, and one less', async () => {
    await writeToy(rig, 'new');
    await writeToys({ top: { needs: ['base', 'new'] } });
    const { causes } = await why();
    const own = causes.find(({ build: name }) => name === 'system/top');
    assert.deepEqual([own?.needsAdded, own?.needsRemoved], [['system/new'], ['system/middle']]);
    const text = await whyText();
    assert.match(text, /new need: system\/new\n {2}no need any more: system\/middle/);
  });

  test('a tool of the host is of another version', async () => {
    const before = await why();
    assert.equal(before.present, true);
    await withOtherTools(rig);
    const { causes } = await why();
    const tools = causes.flatMap(({ build: name, changed }) => changed.map(({ path }) => `${name} ${path}`));
    assert.deepEqual(
      tools,
      ['base', 'middle', 'top'].map((name) => `system/${name} action.hostTools.bash`),
    );
  });

  test('it was never built, nor what it needs', async () => {
    await rm(join(rig.store, 'keys'), { recursive: true });
    await rm(join(rig.store, 'builds'), { recursive: true });
    const { changed, causes } = await why();
    assert.equal(changed, null);
    assert.deepEqual(
      causes.map(({ build: name, kind }) => [name, kind]),
      [['system/top', 'never-built']],
    );
  });

  test('its artifact is gone, though nothing changed', async () => {
    await rm(join(rig.store, 'keys'), { recursive: true });
    const { causes } = await why();
    assert.deepEqual(
      causes.map(({ kind }) => kind),
      ['artifact-gone'],
    );
  });
});

/** What the store remembers of the host's tools, as if bash had been another when its file was looked at. */
async function withOtherTools(rig: Rig): Promise<void> {
  const path = join(rig.store, 'state/host/tools.json');
  const { files, tools } = JSON.parse(await readFile(path, 'utf8'));
  const others = { files, tools: { ...tools, bash: 'GNU bash, version 0.1' } };
  await writeFile(path, JSON.stringify({ ...others, digest: digestOfData(others) }));
}
