import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodeReader } from './read-code.ts';

/** Facts of instructions as objdump writes them. */
function factsOf(...instructions: readonly string[]) {
  const reader = new CodeReader();
  reader.take('0000000000001000 <main>:');
  for (const [at, text] of instructions.entries())
    reader.take(`    ${(0x1000 + at * 4).toString(16)}:\t${text}`);
  return reader.facts();
}
const extensionsOf = (...instructions: readonly string[]) => [...factsOf(...instructions).extensions.keys()];

test('what every x86-64 processor knows is no extension', () => {
  const plain = [
    'endbr64',
    'movaps %xmm0,(%rsp)',
    'cvtsi2sd %eax,%xmm0',
    'verr   %ax',
    'cmpxchg %rax,(%rdi)',
    'fldz',
  ];
  assert.deepEqual(
    extensionsOf(...plain, 'rep stos %al,%es:(%rdi)', 'nopw   %cs:0x0(%rax,%rax,1)', 'sahf2'),
    [],
  );
  assert.deepEqual(extensionsOf('tzcnt  %eax,%eax', 'xgetbv', 'rdsspq %rax', 'prefetchw (%rax)'), []);
});

test('each extension is named, with the first place where it is used', () => {
  const facts = factsOf(
    'vpxor  %xmm0,%xmm0,%xmm0',
    'lock cmpxchg16b (%rdi)',
    'popcnt %rax,%rax',
    'vzeroupper',
  );
  assert.deepEqual(
    [...facts.extensions],
    [
      ['AVX', '1000: vpxor %xmm0,%xmm0,%xmm0'],
      ['CMPXCHG16B', '1004: cmpxchg16b (%rdi)'],
      ['POPCNT', '1008: popcnt %rax,%rax'],
    ],
  );
});

for (const [instruction, extension] of [
  ['movddup %xmm0,%xmm1', 'SSE3'],
  ['pshufb %xmm0,%xmm1', 'SSSE3'],
  ['ptest  %xmm0,%xmm1', 'SSE4.1'],
  ['pmovzxbw %xmm0,%xmm1', 'SSE4.1'],
  ['crc32q %rax,%rcx', 'SSE4.2'],
  ['vfmadd213sd %xmm0,%xmm1,%xmm2', 'AVX'],
  ['kmovd  %k0,%eax', 'AVX-512'],
  ['shlx   %rax,%rcx,%rdx', 'BMI'],
  ['lzcnt  %eax,%eax', 'LZCNT'],
  ['movbe  (%rdi),%eax', 'MOVBE'],
  ['mulx   %rax,%rcx,%rdx', 'BMI'],
  ['adcx   %rax,%rcx', 'ADX'],
  ['aesenc %xmm0,%xmm1', 'AES'],
  ['pclmulqdq $0x0,%xmm0,%xmm1', 'AES'],
  ['sha256rnds2 %xmm0,%xmm1,%xmm2', 'SHA'],
  ['rdrand %eax', 'RDRAND'],
  ['xsavec 0x40(%rsp)', 'XSAVE'],
  ['rdtscp', 'RDTSCP'],
  ['xbegin 1000 <main>', 'TSX'],
] as const) {
  test(`${instruction} is of ${extension}`, () => {
    assert.deepEqual(extensionsOf(instruction), [extension]);
  });
}

test('a canary is seen, and an address of the stack that is handed on', () => {
  assert.equal(factsOf('mov    %fs:0x28,%rax').readsCanary, true);
  assert.equal(factsOf('mov    %fs:0x0,%rax').readsCanary, false);
  assert.equal(factsOf('lea    0x10(%rsp),%rdi').localAddress, '1000: lea 0x10(%rsp),%rdi');
  assert.equal(
    factsOf('push %rbp', 'mov    %rsp,%rbp', 'lea    -0x20(%rbp),%rax').localAddress,
    '1008: lea -0x20(%rbp),%rax',
  );
});

test('a register that pointed to a frame is any other after the function has ended', () => {
  for (const end of ['pop    %rbp', 'leave', 'ret'])
    assert.equal(factsOf('mov    %rsp,%rbp', end, 'lea    -0x1(%rbp),%rdx').localAddress, undefined);
});

test('a register that only holds an address of its own, and an aligned stack, are none of the stack', () => {
  for (const one of [
    'lea    -0x20(%rbp),%rax',
    'lea    0x8(%rsp),%rsp',
    'lea    0x8(%rsp),%r10',
    'lea    -0x5000(%rsp),%r11',
  ])
    assert.equal(factsOf(one).localAddress, undefined);
});

test('stack that is taken by more than a page at once is seen, and stack that is given back is not', () => {
  assert.equal(factsOf('sub    $0x1001,%rsp').longStep, '1000: sub $0x1001,%rsp');
  for (const one of ['sub    $0x1000,%rsp', 'sub    $0xffffffffffffe000,%rsp', 'sub    $0x2000,%rax'])
    assert.equal(factsOf(one).longStep, undefined);
});

test('a program that asks cpuid is told', () => {
  assert.equal(factsOf('cpuid').asksProcessor, true);
  assert.equal(factsOf('nop').asksProcessor, false);
});
