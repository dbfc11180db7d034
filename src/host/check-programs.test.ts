import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeProgram } from './check-programs.ts';
import { packageOf, readHostPackages } from './packages.ts';
import { REQUIREMENTS } from './requirements.ts';

const packages = await readHostPackages();
const make = { program: 'make', minimum: '4.0', mustSay: /GNU Make/ };

describe('judgeProgram', () => {
  test('accepts a program that is new enough', () => {
    assert.deepEqual(judgeProgram(make, 'GNU Make 4.3', packages), {
      name: 'make',
      have: '4.3',
      want: 'GNU Make 4.0 or newer',
      ok: true,
    });
  });

  test('refuses one that is too old, and says the command that mends it', () => {
    const finding = judgeProgram(make, 'GNU Make 3.82', packages);
    assert.equal(finding.ok, false);
    assert.equal(finding.have, '3.82');
    assert.equal(finding.hint, 'apt-get install --no-install-recommends make');
  });

  test('refuses another program of the same name', () => {
    const finding = judgeProgram({ program: 'awk', mustSay: /GNU Awk/ }, 'mawk 1.3.4 20200120', packages);
    assert.equal(finding.ok, false);
    assert.equal(finding.package, 'gawk');
  });

  test('reports one that is missing', () => {
    const finding = judgeProgram(make, undefined, packages);
    assert.equal(finding.ok, false);
    assert.equal(finding.have, undefined);
    assert.match(finding.want, /in \/usr\/bin or \/usr\/sbin/);
  });

  test('refuses one that does not say a version where one is asked for', () => {
    assert.equal(judgeProgram({ program: 'gawk', minimum: '4.0.1' }, 'cannot run', packages).ok, false);
  });
});

test('the list of host packages has every program that is required', () => {
  const homeless = REQUIREMENTS.filter(({ program }) => packageOf(program, packages) === undefined);
  assert.deepEqual(homeless, []);
});

test('the list of host packages names known groups only', () => {
  const groups = new Set(packages.flatMap((entry) => entry.groups));
  assert.deepEqual([...groups].sort(), ['boot', 'build', 'test']);
});
