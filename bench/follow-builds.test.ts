import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { followBuilds } from './follow-builds.ts';

const finished = { type: 'action-finished', build: 'final/a', outcome: 'built', durationMs: 1, cpuMs: 70 };

describe('following the builds of a run', () => {
  it('a phase lasts until the next one begins, and the last one until the build is over', () => {
    const follower = followBuilds();
    follower.take('{"type":"action-started","build":"final/a"}', 10);
    follower.take('{"type":"phase-started","build":"final/a","phase":"configure"}', 20);
    follower.take('{"type":"phase-started","build":"final/a","phase":"install"}', 50);
    assert.equal(follower.take(JSON.stringify(finished), 110), 'final/a');
    assert.deepEqual(follower.builds, [
      { build: 'final/a', startMs: 10, endMs: 110, cpuMs: 70, phases: { configure: 30, install: 60 } },
    ]);
  });

  it('an end that is told is taken, with its CPU time', () => {
    const follower = followBuilds();
    follower.take('{"type":"action-started","build":"final/a"}', 0);
    follower.take('{"type":"phase-started","build":"final/a","phase":"build"}', 20);
    follower.take(
      '{"type":"phase-finished","build":"final/a","phase":"build","cpuMs":55,"durationMs":60}',
      80,
    );
    follower.take(JSON.stringify(finished), 110);
    const [build] = follower.builds;
    assert.deepEqual([build?.phases, build?.phaseCpu], [{ build: 60 }, { build: 55 }]);
  });

  it('a reused build is not followed', () => {
    const follower = followBuilds();
    assert.equal(follower.take(JSON.stringify({ ...finished, outcome: 'reused' }), 5), undefined);
    assert.deepEqual(follower.builds, []);
  });
});
