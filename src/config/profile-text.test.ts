import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { extendingProfile, hasPackage, withPackage } from './profile-text.ts';

const MINIMAL = join(import.meta.dirname, '../../config/profiles/minimal.ts');

test('a package stands where the order of its stage wants it, and all else stays', async () => {
  const text = await readFile(MINIMAL, 'utf8');
  for (const [build, below] of [
    ['final/htop', "    'final/libxcrypt',"],
    ['final/aaa', "    'final/bash',"],
    ['final/zzz', '    // What makes a system of them.'],
    ['system/zzz', '  ],'],
  ] as const) {
    const edited = withPackage(text, build) ?? '';
    const lines = edited.split('\n');
    const at = lines.indexOf(`    '${build}',`);
    assert.equal(lines[at + 1], below);
    assert.equal(lines.toSpliced(at, 1).join('\n'), text);
    assert.ok(hasPackage(edited, build) && !hasPackage(text, build));
  }
});

test('a list in one line stays in one as long as it fits', () => {
  const short = "  packages: [...base.packages, 'final/tree'],\n  hostname: 'x',";
  assert.equal(
    withPackage(short, 'final/nano'),
    "  packages: [...base.packages, 'final/tree', 'final/nano'],\n  hostname: 'x',",
  );
  assert.equal(withPackage('  packages: [],', 'final/nano'), "  packages: ['final/nano'],");
  const long = `  packages: [...base.packages, 'final/${'x'.repeat(70)}'],`;
  assert.equal(
    withPackage(long, 'final/nano'),
    `  packages: [\n    ...base.packages,\n    'final/${'x'.repeat(70)}',\n    'final/nano',\n  ],`,
  );
});

test('brackets and names in comments do not count, and a last line without a comma gets one', () => {
  const text = "packages: [\n  // Not ], nor 'final/nano'.\n  ...['a'],\n  'final/bash'\n],";
  assert.ok(!hasPackage(text, 'final/nano'));
  assert.equal(
    withPackage(text, 'final/nano'),
    "packages: [\n  // Not ], nor 'final/nano'.\n  ...['a'],\n  'final/bash',\n  'final/nano',\n],",
  );
});

test('a profile without such a list is left alone', () => {
  assert.equal(withPackage('const packages = some;', 'final/nano'), undefined);
});

test('a profile that extends another has one package more', () => {
  const text = extendingProfile('mine', 'minimal', 'final/nano');
  assert.ok(text.includes("from 'blazeneuro/profiles/minimal'") && text.includes("name: 'mine'"));
  assert.ok(hasPackage(text, 'final/nano'));
});
