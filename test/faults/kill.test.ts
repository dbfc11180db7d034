/** A sample of `npm run test:faults -- kill`: see test/faults/kill/run.ts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Bench, openBench, type Scene, type SceneName } from './kill/bench.ts';
import { findPoints, type Point } from './kill/points.ts';
import { tryPoint } from './kill/trial.ts';

const SAMPLED = 12;

describe('after a kill -9 at any moment', () => {
  let bench: Bench;
  before(async () => {
    bench = await openBench(['grown', 'built']);
  });
  after(() => bench[Symbol.asyncDispose]());
  const sceneOf = (name: SceneName): Scene => {
    const found = bench.scenes.find((scene) => scene.name === name);
    assert.ok(found !== undefined);
    return found;
  };

  test('of a garbage collection, the next build comes to the same store and the same image', async () => {
    const scene = sceneOf('built');
    const removals = scene.points.filter(({ call }) => call === 'rename' || call === 'unlink');
    assert.ok(removals.length > 20, `${removals.length} points`);
    const outcomes: string[] = [];
    for (const at of [0.2, 0.5, 0.8]) {
      const point = removals[Math.floor(at * removals.length)];
      assert.ok(point !== undefined);
      const { outcome, faults } = await tryPoint(bench, scene, point);
      assert.deepEqual(faults, [], `${point.call} ${point.nth}: ${point.before}`);
      outcomes.push(outcome);
    }
    assert.ok(outcomes.includes('passed'), String(outcomes));
  });

  test('the next run goes on by itself, to the same store and the same image', async () => {
    const scene = sceneOf('grown');
    assert.ok(scene.points.length > 100, `${scene.points.length} points`);
    const step = scene.points.length / SAMPLED;
    const reached: string[] = [];
    for (let at = step / 2; at < scene.points.length; at += step) {
      const point: Point | undefined = scene.points[Math.floor(at)];
      assert.ok(point !== undefined);
      const { outcome, faults } = await tryPoint(bench, scene, point);
      assert.deepEqual(faults, [], `${point.call} ${point.nth}: ${point.before}`);
      if (outcome === 'passed') reached.push(point.call);
    }
    // Threads take turns as they like, so a call or two may not come to its number.
    assert.ok(reached.length >= SAMPLED / 2, `only ${reached} were reached`);
    assert.ok(new Set(reached).size > 3, `only ${reached} were reached`);
  });
});

describe('the moments to kill at', () => {
  const points = (log: string) => findPoints(log, '/run').map(({ call, nth }) => `${call} ${nth}`);

  test('are before what changes something in the folder, counted by thread', () => {
    const log = [
      '7 mkdir("/elsewhere", 0777) = 0',
      '7 mkdir("/run/a", 0777) = 0',
      '7 openat(AT_FDCWD, "/run/a/read", O_RDONLY|O_CLOEXEC) = 3',
      '7 openat(AT_FDCWD, "/run/a/new", O_WRONLY|O_CREAT|O_CLOEXEC, 0666 <unfinished ...>',
      '7 <... openat resumed>) = 4',
      '7 write(4</run/a/new>, ""..., 2) = 2',
    ];
    assert.deepEqual(points(log.join('\n')), ['mkdir 2', 'openat 2', 'write 1']);
  });

  test('move to the call before, where another thread comes to the number first', () => {
    const log = [
      '7 write(1<pipe:[1]>, ""..., 2) = 2',
      '8 mkdir("/run/a", 0777) = 0',
      '8 close(5</run/a>) = 0',
      '8 write(4</run/a/new>, ""..., 2) = 2',
    ];
    assert.deepEqual(points(log.join('\n')), ['close 1', 'mkdir 1']);
  });

  test('are before and after the start of a process, not of a thread', () => {
    const log = [
      '7 clone3({flags=CLONE_VM|CLONE_THREAD}, 88) = 8',
      '7 close(3</proc>) = 0',
      '7 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 9',
      '7 close(4<pipe:[2]>) = 0',
    ];
    assert.deepEqual(points(log.join('\n')), ['clone 1', 'close 2']);
  });
});
