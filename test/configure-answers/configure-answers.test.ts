import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { readConfigLog } from './read-config-log.ts';
import { contradictions, type Findings, sharedAnswers } from './shared-answers.ts';
import { readSiteFile, writeSiteFile } from './site-file.ts';

const log = (answers: string) => `configure:1: checking
## ---------------- ##
## Cache variables. ##
## ---------------- ##

${answers}

## ----------------- ##
## Output variables. ##
## ----------------- ##
`;

const found = (name: string, answers: Record<string, string>): Findings => ({
  package: name,
  answers: new Map(Object.entries(answers)),
});

it('a config.log gives its answers as shell words, also those of several lines', () => {
  const answers = readConfigLog(log("ac_cv_func_getcwd=yes\ngl_cv_x='a\nb'\nac_cv_sizeof_long=8"));
  assert.deepEqual(
    [...answers],
    [
      ['ac_cv_func_getcwd', 'yes'],
      ['gl_cv_x', "'a\nb'"],
      ['ac_cv_sizeof_long', '8'],
    ],
  );
});

it('a config.log of a configure that failed early has no answers', () => {
  assert.equal(readConfigLog('configure: error').size, 0);
});

it('an answer is shared when every package gives it, and it is about the C library', () => {
  const answers = sharedAnswers([
    found('grep', { ac_cv_func_getcwd: 'yes', ac_cv_func_fork: 'yes', ac_cv_path_SED: '/usr/bin/sed' }),
    found('sed', { ac_cv_func_getcwd: 'yes', ac_cv_func_fork: 'no' }),
  ]);
  assert.deepEqual(answers, [{ name: 'ac_cv_func_getcwd', answer: 'yes', askedBy: 2 }]);
});

it('what one package did not find another may have: a single no is not shared, nor a guess', () => {
  const one = found('sed', { ac_cv_func_acl_get: 'no', gl_cv_func_x_works: "'guessing yes'" });
  assert.deepEqual(sharedAnswers([one]), []);
});

it('printf behaves otherwise where it is fortified: its answers are never shared', () => {
  const both = ['a', 'b'].map((name) => found(name, { gl_cv_func_printf_directive_n: 'yes' }));
  assert.deepEqual(sharedAnswers(both), []);
});

it('a package that finds something else than the site file says is named', () => {
  const site = new Map([['ac_cv_func_getcwd', 'yes']]);
  assert.deepEqual(contradictions(site, [found('sed', { ac_cv_func_getcwd: 'no', other: '1' })]), [
    'ac_cv_func_getcwd is yes in the site file, and sed finds no',
  ]);
});

it('the site file is read as it is written, and keeps its beginning', async () => {
  const path = join(import.meta.dirname, '../../recipes/config-site/files/config.site');
  const text = await readFile(path, 'utf8');
  const answers = [...readSiteFile(text)].map(([name, answer]) => ({ name, answer, askedBy: 2 }));
  assert.ok(answers.length > 1000, `${answers.length} answers`);
  assert.equal(writeSiteFile(text, answers), text);
});
