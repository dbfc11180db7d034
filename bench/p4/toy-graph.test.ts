import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastOf, toyGraph } from './toy-graph.ts';

test('the toy graph has as many packages and inputs as it should, and needs only what comes before', () => {
  const graph = toyGraph(100, 30);
  assert.equal(graph.length, 100);
  assert.equal(graph.flatMap(({ inputs }) => inputs).length, 3000);
  const names = graph.map(({ name }) => name);
  graph.forEach(({ needs }, index) => {
    assert.ok(needs.every((need) => names.indexOf(need) < index));
    assert.ok(index === 0 || needs.length > 0);
  });
});

test('its last packages are those that nobody needs', () => {
  const graph = toyGraph(6, 1);
  assert.deepEqual(lastOf(graph), ['toy-003', 'toy-004', 'toy-005']);
});
