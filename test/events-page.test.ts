import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventJsonSchema, eventsPage } from '../docs/events/page.ts';
import { eventSchema } from '../docs/events/schema.ts';
import { toyWords, writeToy, writeToyProfile } from './cli/toy.ts';
import { openRig, type Rig } from './rig.ts';

const docs = join(import.meta.dirname, '../docs');

describe('the page of events', () => {
  test('is made from the schema as it is now', async () => {
    const hint = 'Run: node docs/events/make-page.ts';
    assert.equal(await readFile(join(docs, 'events.md'), 'utf8'), eventsPage(), hint);
    assert.deepEqual(
      JSON.parse(await readFile(join(docs, 'events.schema.json'), 'utf8')),
      JSON.parse(JSON.stringify(eventJsonSchema())),
      hint,
    );
  });

  test('tells of every event of the union, field by field', async () => {
    const page = await readFile(join(docs, 'events.md'), 'utf8');
    const union = await readFile(join(docs, '../src/event/event.ts'), 'utf8');
    const types = [...union.matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type]) => type);
    assert.ok(types.length > 15);
    const sections = [...page.matchAll(/^## ([a-z-]+)$/gm)].map(([, type]) => type);
    assert.deepEqual(sections.toSorted(), types.toSorted());
  });
});

describe('what a run writes', () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'stands');
    await writeToy(rig, 'toy', { needs: ['stands'], build: 'false' });
  });
  after(() => rig[Symbol.asyncDispose]());

  test('fits the schema, event by event, on stdout and in the log, and its times never go back', async () => {
    const run = await rig.run(...toyWords(rig), '--json', 'build', 'system/toy');
    assert.equal(run.exitCode, 1, run.stderr);
    assert.ok(run.stdout.endsWith('}\n'));
    const kept = (await rig.read('logs/events.jsonl')).trimEnd().split('\n');
    assert.deepEqual(run.stdout.trimEnd().split('\n'), kept);
    let beforeMs = 0;
    for (const line of kept) {
      // Strict: a field that the schema does not have would be passed over otherwise.
      const event = eventSchema.parse(JSON.parse(line));
      assert.deepEqual(event, JSON.parse(line));
      assert.ok(event.atMs >= beforeMs, line);
      beforeMs = event.atMs;
    }
    const types = kept.map((line) => (JSON.parse(line) as { readonly type: string }).type);
    for (const type of ['run-planned', 'phase-finished', 'summary']) assert.ok(types.includes(type), type);
    assert.deepEqual(types.slice(-2), ['summary', 'finished']);
  });
});
