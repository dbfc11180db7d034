import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '#base';
import { parseHardeningRows } from './hardening-rows.ts';
import { scoreHardening } from './score-hardening.ts';

const rows = unwrap(
  parseHardeningRows({
    file: 'rows.tsv',
    text: [
      'option\ttype\tdesired\treason\tdecided_by',
      'CONFIG_BUG\tkconfig\ty\tself_protection\tdefconfig',
      'CONFIG_KEXEC\tkconfig\tis not set\tcut_attack_surface\tkspp',
      'CONFIG_LSM\tkconfig\t*yama*\tsecurity_policy\tkspp',
      'CONFIG_DEFAULT_MMAP_MIN_ADDR\tkconfig\t65536\tself_protection\tkspp',
      'CONFIG_ARCH_MMAP_RND_BITS\tkconfig\tMAX\tharden_userspace\ta13xp0p0v',
      'nosmt\tcmdline\tis present\tcut_attack_surface\tkspp',
      'kernel.sysrq\tsysctl\t0\tcut_attack_surface\ta13xp0p0v',
      '',
    ].join('\n'),
  }),
);

/** `option=actual` of what fails, and how many rows are met. */
function scoreOf(...lines: readonly string[]) {
  const score = unwrap(scoreHardening({ file: '.config', text: `${lines.join('\n')}\n` }, rows));
  return { met: score.met.length, failed: score.failed.map(({ option, actual }) => `${option}=${actual}`) };
}

const GOOD = [
  'CONFIG_BUG=y',
  '# CONFIG_KEXEC is not set',
  'CONFIG_LSM="landlock,yama"',
  'CONFIG_DEFAULT_MMAP_MIN_ADDR=65536',
  'CONFIG_ARCH_MMAP_RND_BITS_MAX=32',
  'CONFIG_ARCH_MMAP_RND_BITS=32',
];

/** The good .config with one line changed. */
const goodBut = (from: string, to: string) => scoreOf(...GOOD.map((line) => (line === from ? to : line)));

test('a kernel that does all that is asked meets all rows of kconfig, and no other kind is counted', () => {
  assert.deepEqual(scoreOf(...GOOD), { met: 5, failed: [] });
});

test('an empty .config meets only what must not be set', () => {
  assert.deepEqual(scoreOf(''), {
    met: 1,
    failed: [
      'CONFIG_BUG=undefined',
      'CONFIG_LSM=undefined',
      'CONFIG_DEFAULT_MMAP_MIN_ADDR=undefined',
      'CONFIG_ARCH_MMAP_RND_BITS=undefined',
    ],
  });
});

test('what must not be set fails as a module, too', () => {
  assert.deepEqual(goodBut('# CONFIG_KEXEC is not set', 'CONFIG_KEXEC=m').failed, ['CONFIG_KEXEC=m']);
});

test('an option that is switched off counts as not known', () => {
  assert.deepEqual(goodBut('CONFIG_BUG=y', '# CONFIG_BUG is not set').failed, ['CONFIG_BUG=undefined']);
});

test('a part of a list must stand in it as a whole word', () => {
  const without = goodBut('CONFIG_LSM="landlock,yama"', 'CONFIG_LSM="landlock,yamalike"');
  assert.deepEqual(without.failed, ['CONFIG_LSM=landlock,yamalike']);
});

test('another number fails, and MAX is the bound that the kernel itself names', () => {
  assert.deepEqual(
    goodBut('CONFIG_DEFAULT_MMAP_MIN_ADDR=65536', 'CONFIG_DEFAULT_MMAP_MIN_ADDR=4096').failed,
    ['CONFIG_DEFAULT_MMAP_MIN_ADDR=4096'],
  );
  assert.deepEqual(goodBut('CONFIG_ARCH_MMAP_RND_BITS=32', 'CONFIG_ARCH_MMAP_RND_BITS=28').failed, [
    'CONFIG_ARCH_MMAP_RND_BITS=28',
  ]);
  assert.equal(goodBut('CONFIG_ARCH_MMAP_RND_BITS_MAX=32', '').failed.length, 1);
});

test('a .config that cannot be read is a problem', () => {
  assert.equal(scoreHardening({ file: '.config', text: 'CONFIG_BUG = y\n' }, rows).ok, false);
});

for (const [what, text] of [
  ['no header', 'CONFIG_BUG\tkconfig\ty\tself_protection\tdefconfig\n'],
  ['too few fields', 'option\ttype\tdesired\treason\tdecided_by\nCONFIG_BUG\tkconfig\ty\n'],
  ['an unknown type', 'option\ttype\tdesired\treason\tdecided_by\nCONFIG_BUG\tother\ty\tr\tw\n'],
] as const) {
  test(`a table with ${what} is a problem`, () => {
    assert.equal(parseHardeningRows({ file: 'rows.tsv', text }).ok, false);
  });
}
