import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isErrno } from './errno.ts';
import { exitCodeOf, type Problem } from './problem.ts';
import { fail, ok, ProblemError, unwrap } from './result.ts';

it('the exit codes are the contract of the command line', () => {
  const codes = [
    ['phase-failed', 1],
    ['check-failed', 1],
    ['digest-mismatch', 1],
    ['bad-signature', 1],
    ['boot-failed', 1],
    ['wrong-usage', 2],
    ['unknown-target', 2],
    ['unknown-need', 2],
    ['needs-in-a-circle', 2],
    ['host-lacks', 3],
    ['no-space', 3],
    ['store-version', 3],
    ['refused', 4],
    ['interrupted', 130],
  ] as const;
  for (const [kind, code] of codes) assert.equal(exitCodeOf(kind), code, kind);
});

it('a result is unwrapped to its value, or its problem is thrown', () => {
  const problem: Problem = { kind: 'not-built', subject: 'final/grep', message: 'final/grep is not built' };
  assert.equal(unwrap(ok(7)), 7);
  assert.throws(
    () => unwrap(fail(problem)),
    (error) =>
      error instanceof ProblemError && error.problem === problem && error.message === problem.message,
  );
});

it('only the named system error is recognised', () => {
  const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  assert.ok(isErrno(missing, 'ENOENT'));
  assert.ok(!isErrno(missing, 'EACCES'));
  assert.ok(!isErrno(new Error('ENOENT'), 'ENOENT'));
  assert.ok(!isErrno({ code: 'ENOENT' }, 'ENOENT'));
  assert.ok(!isErrno(undefined, 'ENOENT'));
});
