import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  phaseGroups,
  phasesOf,
  phasesScript,
  readPhaseLine,
  readTimesLine,
  readVerdictLine,
} from './phases-script.ts';
import { toy } from './testing.ts';

describe('the phases that run', () => {
  const names = (phases: readonly string[], check = 'make check') => {
    const texts = Object.fromEntries(phases.map((phase) => [phase, 'true']));
    return phasesOf(toy({ phases: texts, check }), true).map(({ name }) => name);
  };

  it('have the check between build and install', () => {
    assert.deepEqual(names(['prepare', 'configure', 'build', 'install', 'adjust', 'finish']), [
      'prepare',
      'configure',
      'build',
      'check',
      'install',
      'adjust',
      'finish',
    ]);
  });

  it('have the check in its place where phases are missing', () => {
    assert.deepEqual(names(['prepare', 'adjust', 'finish']), ['prepare', 'check', 'adjust', 'finish']);
    assert.deepEqual(names(['finish']), ['check', 'finish']);
  });

  it('are those of the action when there is nothing to check, or nobody asks', () => {
    const phases = { build: 'make', finish: 'true' };
    assert.equal(phasesOf(toy({ phases }), true).length, 2);
    assert.equal(phasesOf(toy({ phases, check: 'make check' }), false).length, 2);
  });
});

describe('the sandboxes of the phases', () => {
  const groups = (phases: readonly string[], withCheck = true) => {
    const texts = Object.fromEntries(phases.map((phase) => [phase, 'true']));
    const all = phasesOf(toy({ phases: texts, check: 'make check' }), withCheck);
    return phaseGroups(all).map(({ script, phases: some }) => [script, ...some.map(({ name }) => name)]);
  };

  it('is one, where nothing is tested', () => {
    assert.deepEqual(groups(['build', 'install'], false), [['phases.sh', 'build', 'install']]);
  });

  it("are three around the package's own tests, and none is empty", () => {
    const whole = [
      ['phases.sh', 'configure', 'build'],
      ['check.sh', 'check'],
      ['install.sh', 'install'],
    ];
    assert.deepEqual(groups(['configure', 'build', 'install']), whole);
    assert.deepEqual(groups(['install']), whole.slice(1));
  });
});

describe('the script', () => {
  it('joins the jobserver by descriptors in `cross` and by name in `chroot`, and not where it unpacks', () => {
    const authOf = (script: string) => /--jobserver-auth=\S+/.exec(script)?.[0];
    assert.equal(authOf(phasesScript([], 'cross')), '--jobserver-auth=$from,$to"');
    assert.equal(authOf(phasesScript([], 'chroot')), '--jobserver-auth=fifo:/build/jobserver"');
    assert.equal(authOf(phasesScript([])), undefined);
  });
});

describe('what the script says', () => {
  it('is when a phase began', () => {
    assert.deepEqual(readPhaseLine('1735689600.250000 configure'), {
      phase: 'configure',
      atMs: 1735689600250,
    });
    for (const line of ['configure', '1.5 a b', '1,5 configure', ''])
      assert.equal(readPhaseLine(line), undefined);
  });

  it('is the CPU time of the shell and of its children', () => {
    assert.equal(readTimesLine('1m2.345s 0m6.789s'), 69_134);
    assert.equal(readTimesLine('0m0.001s'), undefined);
  });

  it('is the verdict of the tests', () => {
    assert.deepEqual(['verdict 0', 'verdict 2', 'verdict', '1.5 verdict'].map(readVerdictLine), [
      true,
      false,
      undefined,
      undefined,
    ]);
  });
});
