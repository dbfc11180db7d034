import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, readdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isErrno } from '#base';
import { lastEvent, openRig, outcomes, type Rig, type Run } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

describe('the store of real builds', () => {
  let rig: Rig;
  let first: Record<string, string>;
  before(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'stands');
    await writeToy(rig, 'toy', { needs: ['stands'] });
    first = artifacts(await build());
  });
  after(() => rig[Symbol.asyncDispose]());

  const build = (...words: string[]) =>
    rig.run(...toyWords(rig), 'build', 'system/toy', 'system/stands', '--json', ...words);
  const verify = (...words: string[]) => rig.run(...toyWords(rig), 'store', 'verify', '--json', ...words);
  const treeOf = (name: string) => join(rig.store, 'artifacts', first[`system/${name}`] ?? '', 'tree');

  test('is sound, and says how much it looked at', async () => {
    const { exitCode, stdout } = await rig.run(...toyWords(rig), 'store', 'verify');
    assert.equal(exitCode, 0, stdout);
    assert.match(stdout, /^2 artifacts, 0 sources, 5 records, .*: all is as it was written\n$/);
  });

  test('is found damaged, set aside and made anew to the same artifacts', async () => {
    await spoil(join(treeOf('stands'), 'usr/share/stands'));
    const found = await verify();
    assert.equal(found.exitCode, 1);
    const { problem } = lastEvent(found, 'problem');
    assert.deepEqual([problem.kind, problem.subject], ['store-damaged', first['system/stands']]);
    assert.match(problem.details?.join('\n') ?? '', /^\/usr\/share\/stands: its bytes have the digest /m);
    assert.match(problem.hint ?? '', /store verify --repair/);
    assert.match(found.stdout, /"type":"store-verified","artifacts":2.*"damaged":1,"repaired":0\}\n$/);

    const repaired = await verify('--repair');
    assert.equal(repaired.exitCode, 1);
    assert.match(repaired.stdout, /"damaged":1,"repaired":1\}\n$/);
    assert.equal((await verify()).exitCode, 0);
    const [aside] = await readdir(join(rig.store, 'quarantine'));
    const why = await readFile(join(rig.store, 'quarantine', aside ?? '', 'why.json'), 'utf8');
    assert.match(why, /its bytes have the digest/);

    const again = await build();
    assert.equal(outcomes(again)['system/stands'], 'built', again.stderr);
    assert.deepEqual(artifacts(again), first);
  });

  test('is checked before it is used: damage is found without being looked for', async () => {
    await spoil(join(treeOf('stands'), 'usr/share/stands'));
    const again = await build('--rebuild', 'system/toy');
    assert.equal(again.exitCode, 0, again.stderr);
    assert.deepEqual(outcomes(again), { 'system/stands': 'built', 'system/toy': 'built' });
    assert.deepEqual(artifacts(again), first);
    assert.match(
      lastEvent(again, 'note').message,
      /^Damaged in the store, set aside, to be made anew: artifact /,
    );
    assert.equal((await verify()).exitCode, 0);
  });

  test('takes no link for an artifact, and no damaged record for a record', async () => {
    const folder = join(treeOf('stands'), '..');
    await rename(folder, join(rig.folder, 'elsewhere'));
    await symlink(join(rig.folder, 'elsewhere'), folder);
    const [prefix = ''] = await readdir(join(rig.store, 'keys'));
    const [name = ''] = await readdir(join(rig.store, 'keys', prefix));
    await spoil(join(rig.store, 'keys', prefix, name));
    await spoil(join(rig.store, 'builds/system/toy.json'));
    assert.equal((await verify()).exitCode, 1);
    const again = await build();
    assert.equal(again.exitCode, 0, again.stderr);
    assert.equal(outcomes(again)['system/stands'], 'built');
    assert.deepEqual(artifacts(again), first);
    assert.match(JSON.stringify(again.events), /record .*: its bytes are not those that were written/);
    // A record that no build of this run wrote anew stays as it is until it is set aside.
    await verify('--repair');
    assert.equal((await verify()).exitCode, 0);
  });

  test('that others may write to is refused, and nothing is done with it', async () => {
    await chmod(join(rig.store, 'artifacts'), 0o777);
    const refused = await build();
    await chmod(join(rig.store, 'artifacts'), 0o755);
    assert.equal(refused.exitCode, 4);
    assert.match(lastEvent(refused, 'problem').problem.message, /Others may write to .*artifacts/);
  });

  test('of another version is refused with what to do', async () => {
    for (const [version, hint] of [
      ['2', /newer program/],
      ['0', /all that is in it can be made again/],
    ] as const) {
      await writeFile(join(rig.store, 'version'), `${version}\n`);
      const refused = await build();
      assert.equal(refused.exitCode, 3);
      assert.match(lastEvent(refused, 'problem').problem.hint ?? '', hint);
    }
    await writeFile(join(rig.store, 'version'), '1\n');
  });

  test('gives up what nobody used for long, and keeps what it is told to', async () => {
    const kept = await rig.run(...toyWords(rig), 'gc', '--json');
    assert.match(kept.stdout, /"type":"gc-finished","removed":0/, kept.stderr);
    await writeToy(rig, 'toy', { needs: ['stands'], build: 'echo another' });
    await build();
    await age(rig.store);
    const collected = await rig.run(...toyWords(rig), 'gc', '--json');
    assert.equal(collected.exitCode, 0, collected.stderr);
    assert.deepEqual(await readdir(join(rig.store, 'staging')), []);
    // The image of the profile needs `toy`, and it `stands`; the key of before is nobody's.
    assert.match(collected.stdout, /"kind":"record".*"builds":\["system\/toy"\]/);
    assert.deepEqual(outcomes(await build()), { 'system/stands': 'reused', 'system/toy': 'reused' });

    const limited = await rig.run(...toyWords(rig), 'gc', '--max-size', '1K');
    assert.equal(limited.exitCode, 0);
    assert.match(limited.stdout, /artifact system\/stands \([0-9a-f]{12}\): .*needed, but the limit says so/);
    assert.match(limited.stderr, /warning: 2 entries that plans or last finished builds need were removed/);
    assert.equal(artifacts(await build())['system/stands'], first['system/stands']);
  });

  test('names a source that it gives up, by its pin or by the build that used it', async () => {
    const collected = () => rig.run(...toyWords(rig), 'gc', '--max-size', '1K');
    const tar = (name: string) => {
      execFileSync('tar', ['-cf', join(rig.overlay, `${name}.tar`), '-C', rig.cwd, '.']);
      const digest = createHash('sha256').update(readFileSync(join(rig.overlay, `${name}.tar`)));
      return `${name} 1 file:${name}.tar sha256:${digest.digest('hex')} -\n`;
    };
    const line = tar('letter');
    await rig.write('packages.list', line);
    await writeToy(rig, 'toy', { sources: { '.': 'letter' } });
    await build();
    assert.match((await collected()).stdout, /^source letter\.tar \([0-9a-f]{12}\): /m);

    await build();
    await rig.write('packages.list', line.replace('file:letter.tar', 'file:renamed.tar'));
    assert.match((await collected()).stdout, /^source letter\.tar \([0-9a-f]{12}\): /m);
  });

  test('has no limit that is no size', async () => {
    const wrong = await rig.run(...toyWords(rig), 'gc', '--max-size', 'much');
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.stderr, /much is no size/);
  });
});

describe('two runs on one store', () => {
  test('the second says for whom it waits, ends cleanly when it is stopped, and collecting waits too', async () => {
    await using rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'toy', { build: `until [ -e $WORK/go ]; do sleep 0.05; done` });
    const holder = rig.start(...toyWords(rig), 'build', 'system/toy');
    await until(async () => (await workFolders(rig)).length > 0);
    for (const words of [['build', 'system/toy'], ['gc'], ['store', 'verify', '--repair']]) {
      const second = rig.start(...toyWords(rig), ...words, '--json');
      await said(second.child.stdout, 'store-waiting');
      second.child.kill('SIGINT');
      const ended = await second.ended;
      assert.equal(ended.exitCode, 130, ended.stderr);
      const waiting = lastEvent(ended, 'store-waiting').holder;
      assert.match(waiting?.command ?? '', /^blazeneuro .*build system\/toy$/);
      assert.ok(waiting !== undefined && waiting.pid > 1 && Date.now() - waiting.sinceMs < 600_000);
    }
    // Looking is free: what stands does not change.
    assert.equal((await rig.run(...toyWords(rig), 'store', 'verify')).exitCode, 0);
    for (const folder of await workFolders(rig)) await writeFile(join(folder, 'go'), '');
    assert.equal((await holder.ended).exitCode, 0);
  });
});

async function workFolders(rig: Rig): Promise<string[]> {
  try {
    const runs = await readdir(join(rig.store, 'staging'));
    const found = await Promise.all(
      runs.map(async (run) => [run, await readdir(join(rig.store, 'staging', run))] as const),
    );
    return found
      .filter(([, names]) => names.includes('work'))
      .map(([run]) => join(rig.store, 'staging', run, 'work'));
  } catch (error) {
    // The store is not there yet, or a folder is gone since we looked.
    if (!isErrno(error, 'ENOENT')) throw error;
    return [];
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function said(stream: NodeJS.ReadableStream | null, text: string): Promise<void> {
  if (stream === null) throw new Error('No stdout');
  let heard = '';
  await new Promise<void>((resolve) =>
    stream.on('data', (chunk: string) => {
      heard += chunk;
      if (heard.includes(text)) resolve();
    }),
  );
}

/** The artifact of each build of a run. */
function artifacts(run: Run): Record<string, string> {
  return Object.fromEntries(
    run.events.flatMap((event) =>
      event.type === 'action-finished' ? [[event.build, event.artifact ?? ''] as const] : [],
    ),
  );
}

/** Flips one bit in the middle of a file. */
async function spoil(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
}

/** Makes everything look as if it was last used a year ago. */
async function age(store: string): Promise<void> {
  const then = new Date(Date.now() - 365 * 86_400_000);
  for (const entry of await readdir(store, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await utimes(join(entry.parentPath, entry.name), then, then);
  }
}
