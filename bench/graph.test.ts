import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { criticalPath, reduceGraph } from './graph.ts';

const GRAPH = { a: [], b: ['a'], c: ['a'], d: ['a', 'b', 'c'] };

describe('the graph of builds', () => {
  it('has a longest way through it', () => {
    const times: Readonly<Record<string, number>> = { a: 1, b: 5, c: 20, d: 100 };
    assert.deepEqual(
      criticalPath(GRAPH, (name) => times[name] ?? 0),
      { durationMs: 121, builds: ['a', 'c', 'd'] },
    );
  });

  it('of nothing takes no time', () => {
    assert.deepEqual(
      criticalPath({}, () => 1),
      { durationMs: 0, builds: [] },
    );
  });

  it('needs no word for what follows from others', () => {
    assert.deepEqual(reduceGraph(GRAPH), { a: [], b: ['a'], c: ['a'], d: ['b', 'c'] });
  });
});
