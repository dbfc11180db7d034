import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '#base';
import { parseHardeningRows, scoreHardening } from '#kernel';
import { notBuilt, openBuiltProfile, PROFILES, treeOf } from './built-profile.ts';

/** Of 259. The best distribution that was measured meets 180, a bare kernel that boots from USB 147. */
const LEAST_ROWS = 200;

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const rows = unwrap(parseHardeningRows({ file: 'kernel-hardening.tsv', text: read('kernel-hardening.tsv') }));

test('the table asks for 259 settings of a kernel', () => {
  assert.equal(rows.filter(({ kind }) => kind === 'kconfig').length, 259);
});

for (const name of PROFILES) {
  const profile = await openBuiltProfile(name);
  const { build } = profile.session.project.profile.kernel;
  /** What the kernel fails on purpose: option, desired value, and why. */
  const onPurpose = read(`kernel-rows-failed.${name}.tsv`)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));

  test(`every row that ${name} fails on purpose has a reason, and is a row of the table`, () => {
    for (const [option, desired, reason] of onPurpose) {
      assert.ok(reason, option);
      assert.ok(
        rows.some((row) => row.option === option && row.desired === desired),
        `${option} ${desired}`,
      );
    }
  });

  test(`the kernel of ${name} meets ${LEAST_ROWS} rows or more, and fails no other than on purpose`, {
    skip: notBuilt(profile, [build]),
  }, () => {
    const text = readFileSync(join(treeOf(profile, build) ?? '', 'boot/config'), 'utf8');
    const { met, failed } = unwrap(scoreHardening({ file: '/boot/config', text }, rows));
    assert.deepEqual(
      failed.map(({ option, desired }) => `${option} ${desired}`).sort(),
      onPurpose.map(([option, desired]) => `${option} ${desired}`).sort(),
    );
    assert.ok(met.length >= LEAST_ROWS, `${met.length} rows are met`);
  });
}
