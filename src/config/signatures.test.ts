import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlaySignatures, type PinnedSignatures, readSignatures, strayingSignature } from './signatures.ts';

const PLACE = '/project/config/signatures.list';
const A = 'A'.repeat(40);
const B = 'B'.repeat(64);

function read(text: string): PinnedSignatures {
  const signatures = readSignatures(text, PLACE);
  assert.ok(signatures.ok, signatures.ok ? '' : signatures.problem.message);
  return signatures.value;
}

test('a line says where a signature lies, what it covers, and who may sign', () => {
  const text = `# A comment.\n\nlinux .sign tar kernel ${A},${B} dsa,sha1\n`;
  assert.deepEqual(read(text).get('linux'), {
    name: 'linux',
    location: '.sign',
    covers: 'tar',
    keyring: '/project/config/keys/kernel.asc',
    fingerprints: [A, B],
    exceptions: ['dsa', 'sha1'],
    place: `${PLACE}:3`,
  });
});

test('a signature may have an origin of its own', () => {
  const signature = read(`less https://less.example/less-668.sig file less ${A}`).get('less');
  const url = 'https://less.example/less-668.sig';
  assert.deepEqual(signature?.location, { kind: 'https', url, text: url });
  assert.deepEqual(signature?.exceptions, []);
});

test('what is not well formed is refused with its line', () => {
  const cases: [line: string, message: RegExp][] = [
    ['grep .sig file grep', /Expected name signature file\|tar .* found 4 words/],
    [`grep .sig file grep ${A} dsa more`, /found 7 words/],
    [`grep sig file grep ${A}`, /Not a place of a signature: sig; expected an ending like \.sig/],
    [`grep apt:grep=1/grep.asc file grep ${A}`, /Not a place of a signature: apt:/],
    [`grep http://a.example/grep.sig file grep ${A}`, /Not a place of a signature: http:/],
    [`grep .sig archive grep ${A}`, /Not what a signature covers: archive; expected file or tar/],
    [`grep .sig file ../grep ${A}`, /Not a keyring: \.\.\/grep/],
    [`grep .sig file grep ${A.slice(1)}`, /Not a fingerprint: A+; expected all 40 \(or 64\)/],
    [`grep .sig file grep ${A.toLowerCase()}`, /Not a fingerprint: a+; .* in capitals/],
    [`grep .sig file grep ${A} md5`, /Not exceptions: md5; expected some of dsa, sha1/],
    [`grep .sig file grep ${A}\ngrep .asc file grep ${A}`, /grep again, after .*signatures\.list:1/],
  ];
  for (const [text, message] of cases) {
    const signatures = readSignatures(text, PLACE);
    const problem = signatures.ok ? undefined : signatures.problem;
    assert.equal(problem?.kind, 'bad-pin', text);
    assert.match(problem?.message ?? '', message);
    assert.equal(problem?.place, `${PLACE}:${text.split('\n').length}`);
    assert.equal(problem?.subject, 'grep');
  }
});

test('a name in an overlay takes the place of its line', () => {
  const below = read(`grep .sig file grep ${A}\nsed .sig file sed ${A}`);
  const above = read(`grep .asc file grep ${B}`);
  const both = overlaySignatures(below, above);
  assert.deepEqual(
    [...both.values()].map(({ name, location }) => [name, location]),
    [
      ['grep', '.asc'],
      ['sed', '.sig'],
    ],
  );
});

test('a signature of a source that nobody pinned is refused', () => {
  const signatures = read(`grep .sig file grep ${A}\nsed .sig file sed ${A}`);
  assert.ok(
    strayingSignature(
      signatures,
      new Map([
        ['grep', 1],
        ['sed', 1],
      ]),
    ).ok,
  );
  const stray = strayingSignature(signatures, new Map([['grep', 1]]));
  assert.match(stray.ok ? '' : stray.problem.message, /no source sed in packages\.list/);
  assert.equal(stray.ok ? '' : stray.problem.place, `${PLACE}:2`);
});
