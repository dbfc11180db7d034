import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Plan } from '#plan';
import { plannedWork } from './planned-work.ts';

it('a build waits for what it needs itself; what these need in turn is left out', () => {
  const needs = { a: [], b: ['a'], c: ['a'], d: ['a', 'b', 'c'], e: ['a', 'b', 'c', 'd'] };
  const builds = new Map(Object.entries(needs).map(([name, own]) => [name, { needs: own }]));
  const work = plannedWork({ builds, goals: [] } as unknown as Plan, (build) => build.charCodeAt(0));
  assert.deepEqual(
    work.map(({ build, needs: direct, estimateMs }) => [build, direct, estimateMs]),
    [
      ['a', [], 97],
      ['b', ['a'], 98],
      ['c', ['a'], 99],
      ['d', ['b', 'c'], 100],
      ['e', ['d'], 101],
    ],
  );
});
