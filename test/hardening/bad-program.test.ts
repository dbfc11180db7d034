/** Programs that are bad on purpose: each fault must be named, and a good program must have none. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOfBytes } from '#base';
import { X86_64 } from '#recipe';
import type { RootEntry } from './built-profile.ts';
import { judgeFindings, readWaivers, scanRoot } from './scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'bad-program-'));
after(() => rmSync(folder, { recursive: true }));

const SOURCE = `
#include <stdio.h>
#include <string.h>
__attribute__((noinline)) void fill(char *text, const char *from) { strcpy(text, from); }
__attribute__((noinline)) int say(const char *word) {
  char text[9000];
  fill(text + 8, word);
  return printf("%s\\n", text + 8);
}
__attribute__((noinline)) void turn(float *numbers) { for (int at = 0; at < 4096; at++) numbers[at] *= 3; }
float numbers[4096];
int main(int count, char **words) {
  turn(numbers);
  return say(words[count - 1]);
}
`;
const HARDENED = [
  ...X86_64.hardenedFlags.split(' '),
  '-fPIE',
  '-pie',
  ...X86_64.hardenedLinkFlags.split(' '),
];

/** Compiles the program with some flags; what it is scanned as. */
function compile(name: string, flags: readonly string[], source = SOURCE): RootEntry {
  const hostPath = join(folder, name);
  writeFileSync(`${hostPath}.c`, source);
  // The host's compiler has its own defaults, which must not decide.
  execFileSync('gcc', ['-o', hostPath, `${hostPath}.c`, '-w', ...flags]);
  return entryOf(name);
}

function entryOf(name: string, mode?: number): RootEntry {
  const hostPath = join(folder, name);
  if (mode !== undefined) chmodSync(hostPath, mode);
  const rights = (statSync(hostPath).mode & 0o7777).toString(8).padStart(4, '0');
  const facts = { sha256: digestOfBytes(''), sizeBytes: 0, mode: rights, uid: 0, gid: 0 };
  return { entry: { type: 'file', path: `/usr/bin/${name}`, ...facts }, build: 'final/bad', hostPath };
}

async function rulesOf(entry: RootEntry, needles: readonly string[] = []) {
  return (await scanRoot([entry], needles)).map(({ rule }) => rule);
}

test('a program of the hardened flags has no fault but those of the start files of the host', async () => {
  const rules = await rulesOf(compile('good', HARDENED));
  // The host's libc may have been built without CET, and then nothing that is linked with it has the marks.
  assert.deepEqual(
    rules.filter((rule) => rule !== 'no-cet'),
    [],
  );
});

for (const [what, rule, flags] of [
  ['at a fixed place', 'not-pie', ['-fno-pie', '-no-pie']],
  ['without relocations that become read-only', 'no-relro', ['-Wl,-z,norelro']],
  ['with lazy binding', 'lazy-binding', ['-Wl,-z,lazy']],
  ['with an executable stack', 'executable-stack', ['-Wl,-z,execstack']],
  ['with a search path', 'search-path', ['-Wl,-rpath,/tmp/elsewhere']],
  ['with an old search path', 'search-path', ['-Wl,--disable-new-dtags,-rpath,/tmp/elsewhere']],
  ['without control flow protection', 'no-cet', ['-fcf-protection=none']],
  ['without a canary', 'no-stack-protector', ['-fno-stack-protector']],
  ['without a canary and with frame pointers', 'no-stack-protector', ['-fno-stack-protector', '-O0']],
  ['without stack clash protection', 'no-stack-clash-protection', ['-fno-stack-clash-protection']],
  ['without FORTIFY', 'not-fortified', ['-U_FORTIFY_SOURCE']],
  ['for a newer processor only', 'above-baseline', ['-march=x86-64-v3', '-O3']],
] as const) {
  test(`a program ${what} is found out: ${rule}`, async () => {
    const name = `${rule}-${flags.length}-${flags.join('').length}`;
    assert.ok((await rulesOf(compile(name, [...HARDENED, ...flags]))).includes(rule));
  });
}

test('a program with code that can be written to is found out', async () => {
  const source = `__asm__(".section .both, \\"awx\\", @progbits\\n.quad 0\\n.text\\n"); ${SOURCE}`;
  assert.ok((await rulesOf(compile('writable-code', HARDENED, source))).includes('writable-code'));
});

test('a library that is written to when it is loaded is found out', async () => {
  const source = 'extern int other; __asm__(".text\\n.quad other\\n"); int use(void) { return 0; }';
  const flags = ['-shared', '-fPIC', '-Wl,-z,notext', '-Wl,--allow-shlib-undefined'];
  assert.ok((await rulesOf(compile('text-relocations', flags, source))).includes('text-relocations'));
});

test('a program that asks the processor before is told apart from one that does not', async () => {
  const asking = `
    __attribute__((target("avx2"))) int fast(int *of) { int sum = 0; for (int i = 0; i < 4096; i++) sum += of[i]; return sum; }
    int numbers[4096];
    int main(void) { __builtin_cpu_init(); return __builtin_cpu_supports("avx2") ? fast(numbers) : 0; }`;
  const rules = await rulesOf(compile('asking', [...HARDENED, '-O3', '-static-libgcc'], asking));
  assert.ok(rules.includes('chosen-at-run-time') || rules.includes('above-baseline'), rules.join());
});

test('rights of others, and traces of a machine, are found in any file', async () => {
  writeFileSync(join(folder, 'notes'), 'built by somebody@a-machine.example in /home/somebody/checkout');
  assert.deepEqual(await rulesOf(entryOf('notes', 0o4755)), ['runs-as-owner']);
  assert.deepEqual(await rulesOf(entryOf('notes', 0o2755)), ['runs-as-owner']);
  assert.deepEqual(await rulesOf(entryOf('notes', 0o666)), ['writable-by-all']);
  const [finding] = await scanRoot([entryOf('notes', 0o644)], ['somebody@a-machine']);
  assert.equal(
    finding?.detail,
    'somebody@a-machine in: built by somebody@a-machine.example in /home/somebody/checkout',
  );
});

test('an ELF file that is cut off, and one of another machine, are findings', async () => {
  const good = compile('whole', HARDENED);
  execFileSync('truncate', ['-s', '200', good.hostPath]);
  assert.deepEqual(await rulesOf(good), ['damaged-elf']);
  writeFileSync(join(folder, 'other'), Buffer.from('7f454c4601010100'.padEnd(256, '0'), 'hex'));
  assert.deepEqual(await rulesOf(entryOf('other', 0o755)), ['not-x86-64']);
});

test('a waiver covers its rule and its paths and no others, and one that covers nothing is told', () => {
  const finding = { path: '/usr/lib/libx.so.1', rule: 'no-cet', detail: 'no IBT' } as const;
  const judge = (line: string) => judgeFindings([finding], readWaivers(`header\n${line}\n`));
  assert.deepEqual(judge('no-cet\t/usr/lib/{libx,liby}.so.*\twhy'), { unexpected: [], unused: [] });
  for (const line of ['no-relro\t/usr/lib/libx.so.1\twhy', 'no-cet\t/usr/lib/libz.so.1\twhy']) {
    const { unexpected, unused } = judge(line);
    assert.deepEqual([unexpected.length, unused.length], [1, 1]);
  }
  assert.throws(() => readWaivers('header\nno-cet\t/usr/lib/x\n'));
});
