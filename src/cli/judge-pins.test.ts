import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOfBytes, fail, ok, type Problem } from '#base';
import type { Origin } from '#recipe';
import { judgePins, type Outcome } from './judge-pins.ts';
import type { PresentLine } from './pin-list.ts';

const [OLD, NEW] = [digestOfBytes('old'), digestOfBytes('new')];
const https = (path: string): Origin => {
  const url = `https://${path}`;
  return { kind: 'https', url, text: url };
};
const line = (changes: Partial<PresentLine> = {}): PresentLine => ({
  name: 'x',
  version: '1',
  origin: https('a/x-1.tar'),
  digest: OLD,
  sizeBytes: 3,
  line: 7,
  ...changes,
});

/** A wish with bytes, or without any. */
function outcome(present: PresentLine | undefined, version: string, got = true, isNamed = false): Outcome {
  const origin = https(`${present?.origin.text.slice('https://'.length, -5) ?? 'named/x-'}${version}.tar`);
  return {
    wish: { name: 'x', version, present, origin: ok(origin), isNamed },
    got: got
      ? ok({ digest: NEW, sizeBytes: 4 })
      : fail({ kind: 'source-unavailable', subject: 'x', message: `${origin.text}: answered 404` }),
  };
}

function judge(
  outcomes: readonly Outcome[],
  options: { hasConsent?: boolean; present?: PresentLine[] } = {},
) {
  const present = outcomes.flatMap(({ wish }) => wish.present ?? []);
  return judgePins(outcomes, { present, hasConsent: false, command: ['pin', 'x', '2'], ...options });
}

function problemOf(result: ReturnType<typeof judge>): Problem {
  assert.ok(!result.ok);
  return result.problem;
}

test('a new version takes the place of the old one, line by line', () => {
  const other = line({ line: 9, origin: https('b/x-1.tar') });
  const verdict = judge([outcome(line(), '2'), outcome(other, '2')]);
  assert.ok(verdict.ok);
  assert.deepEqual(
    verdict.value.edits.map((edit) => [
      edit.kind,
      'line' in edit && edit.line,
      'words' in edit && edit.words.origin,
    ]),
    [
      ['replace', 7, 'https://a/x-2.tar'],
      ['replace', 9, 'https://b/x-2.tar'],
    ],
  );
  assert.equal(verdict.value.changes[0]?.before, `x 1 https://a/x-1.tar sha256:${OLD} 3`);
  assert.equal(verdict.value.changes[0]?.after, `x 2 https://a/x-2.tar sha256:${NEW} 4`);
});

test('an origin that has not the new version goes only with consent', () => {
  const outcomes = [outcome(line(), '2'), outcome(line({ line: 9, origin: https('b/x-1.tar') }), '2', false)];
  const problem = problemOf(judge(outcomes));
  assert.equal(problem.kind, 'refused');
  assert.deepEqual(problem.details, ['https://b/x-2.tar: answered 404']);
  assert.match(problem.hint ?? '', /blazeneuro pin x 2 --yes$/);

  const verdict = judge(outcomes, { hasConsent: true });
  assert.ok(verdict.ok);
  assert.deepEqual(verdict.value.edits[1], { kind: 'drop', line: 9 });
  assert.equal(verdict.value.changes[1]?.after, undefined);
  assert.equal(verdict.value.unanswered.length, 1);
});

test('other bytes of the same version are refused without consent', () => {
  const problem = problemOf(judge([outcome(line(), '1')]));
  assert.equal(problem.kind, 'digest-mismatch');
  assert.ok(problem.message.includes(OLD) && problem.message.includes(NEW));
  assert.match(problem.hint ?? '', /signature.*--yes$/);
  assert.ok(judge([outcome(line(), '1')], { hasConsent: true }).ok);
  // One that had no digest has nothing that could be replaced.
  assert.ok(judge([outcome(line({ digest: undefined }), '1')]).ok);
});

test('an origin that does not answer for the same version keeps its line', () => {
  const verdict = judge([
    outcome(line({ digest: NEW, sizeBytes: 4 }), '1'),
    outcome(line({ line: 9 }), '1', false),
  ]);
  assert.ok(verdict.ok);
  assert.deepEqual(verdict.value.edits, []);
  assert.equal(verdict.value.changes[1]?.before, verdict.value.changes[1]?.after);
});

test('without the bytes that were asked for there is nothing to do', () => {
  const named = outcome(undefined, '2', false, true);
  assert.equal(
    problemOf(judge([named, outcome(line(), '2')], { hasConsent: true })).kind,
    'source-unavailable',
  );
  const none = problemOf(
    judge([outcome(line(), '2', false), outcome(line(), '2', false)], { hasConsent: true }),
  );
  assert.equal(none.details?.length, 2);
});

test('one more origin with bytes of its own is remarked on', () => {
  const remarks = (digest: typeof OLD) => {
    const verdict = judge([outcome(undefined, '1', true, true)], { present: [line({ digest })] });
    return verdict.ok ? verdict.value.remarks : undefined;
  };
  assert.deepEqual(remarks(OLD), ['https://named/x-1.tar has other bytes than the other origins of x 1']);
  assert.deepEqual(remarks(NEW), []);
});

test('an overlay says again what the project says of a name, once it says anything', () => {
  const below = line({ line: undefined });
  const named = outcome(undefined, '1', true, true);
  const verdict = judge([named], { present: [below] });
  assert.ok(verdict.ok);
  assert.deepEqual(
    verdict.value.edits.map((edit) => edit.kind === 'add' && edit.words.origin),
    ['https://a/x-1.tar', 'https://named/x-1.tar'],
  );
  const same = outcome({ ...below, digest: NEW, sizeBytes: 4 }, '1');
  const nothing = judge([same]);
  assert.deepEqual(nothing.ok && nothing.value.edits, []);
});
