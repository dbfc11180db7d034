/** The kernel's settings of `/etc/sysctl.d`, against the rows of the same table that the kernel is held against. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { unwrap } from '#base';
import { parseHardeningRows } from '#kernel';
import { PROJECT } from '../rig.ts';

const FOLDER = join(PROJECT, 'recipes/etc/files/etc/sysctl.d');
const LINE = /^(\S+) = (\S.*)$/;
/** The largest that x86-64 permits (arch/x86/Kconfig, ARCH_MMAP_RND_BITS_MAX). */
const LARGEST: Readonly<Record<string, string>> = { 'vm.mmap_rnd_bits': '32' };

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const rows = unwrap(
  parseHardeningRows({ file: 'kernel-hardening.tsv', text: read('kernel-hardening.tsv') }),
).filter(({ kind }) => kind === 'sysctl');
const lines = readdirSync(FOLDER)
  .sort()
  .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').trimEnd().split('\n'))
  .filter((line) => !line.startsWith('#'));
const settings = new Map(lines.map((line) => [LINE.exec(line)?.[1], LINE.exec(line)?.[2]]));
/** What a setting of some network card, all of them, or those to come is set to; one for all of these has a *. */
const settingOf = (option: string) =>
  settings.get(option) ?? settings.get(option.replace(/\.(?:all|default)\./, '.*.'));
const onPurpose = read('sysctl-rows-failed.tsv')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'));

test('every line of sysctl.d is a setting, and no setting stands there twice', () => {
  for (const line of lines) assert.match(line, LINE);
  assert.equal(settings.size, lines.length);
});

test('each row of the table is met, or fails on purpose and with a reason', () => {
  assert.equal(rows.length, 39);
  const failed = rows.filter(
    ({ option, desired }) =>
      settingOf(option) !== (desired === 'MAX' ? (LARGEST[option] ?? 'unknown') : desired),
  );
  assert.deepEqual(
    failed.map(({ option, desired }) => `${option} ${desired}`),
    onPurpose.map(([option, desired]) => `${option} ${desired}`),
  );
  for (const [option, , reason] of onPurpose) assert.ok(reason, option);
});
