import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Event } from '#event';
import { openRunEvents } from './run-events.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-events-test-'));
});
after(() => rm(folder, { recursive: true }));

const finished = (outcome: 'built' | 'reused' | 'failed' | 'stopped', cpuMs: number): Event => {
  return { type: 'action-finished', build: 'final/x', outcome, durationMs: 1, cpuMs };
};

describe('the events of a run', () => {
  it('end with what they come to, and are kept line by line', async () => {
    const events: Event[] = [];
    const run = await openRunEvents((event) => void events.push(event), join(folder, 'logs'));
    run.emit(finished('built', 30));
    run.emit(finished('built', 12));
    run.emit(finished('reused', 0));
    run.emit(finished('failed', 0));
    run.emit(finished('stopped', 0));
    run.finish(false);
    const last = events.at(-1);
    assert.ok(last?.type === 'finished');
    assert.deepEqual(
      { ...last, wallMs: 0, atMs: 0 },
      {
        ...{ type: 'finished', ok: false, built: 2, reused: 1, failed: 1 },
        ...{ wallMs: 0, cpuMs: 42, atMs: 0 },
      },
    );
    const lines = (await readFile(join(folder, 'logs/events.jsonl'), 'utf8')).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as Event),
      events,
    );
  });

  it('are told even where they cannot be kept', async () => {
    await mkdir(join(folder, 'taken/events.jsonl'), { recursive: true });
    const events: Event[] = [];
    const run = await openRunEvents((event) => void events.push(event), join(folder, 'taken'));
    run.emit(finished('built', 1));
    run.finish(true);
    assert.ok(events.some((event) => event.type === 'note' && event.message.includes('EISDIR')));
    assert.ok(events.some((event) => event.type === 'finished' && event.ok));
  });
});
