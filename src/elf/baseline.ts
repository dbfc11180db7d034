/**
 * Instructions that a processor of the x86-64 baseline (x86-64 psABI, "Micro-Architecture Levels") does not know, by the
 * extension that brought them. Names as objdump writes them, without the letter of the size at the end where there is one.
 *
 * Not here, since they do no harm on the baseline: `tzcnt` (an old processor runs it as `bsf`, and compilers use it
 * where that is the same), `endbr64`, `rdssp` and `prefetchw` (no operation), and `xgetbv`, by which a program that
 * has asked cpuid asks the operating system.
 */
const EXTENSIONS: readonly (readonly [extension: string, names: string])[] = [
  ['SSE3', 'addsubp[ds]|haddp[ds]|hsubp[ds]|lddqu|movddup|movs[hl]dup|fisttp(?:ll|[sl])?|monitor|mwait'],
  ['SSSE3', 'pabs[bdw]|palignr|ph(?:add|sub)(?:s?w|d)|pmaddubsw|pmulhrsw|pshufb|psign[bdw]'],
  [
    'SSE4.1',
    'blendv?p[ds]|dpp[ds]|extractps|insertps|movntdqa|mpsadbw|packusdw|pblend(?:vb|w)|pcmpeqq|pextr[bdq]|' +
      'phminposuw|pinsr[bdq]|pm(?:ax|in)(?:s[bd]|u[dw])|pmov[sz]x(?:b[dqw]|w[dq]|dq)|pmuldq|pmulld|ptest|round[ps][ds]',
  ],
  ['SSE4.2', 'pcmp[ei]str[im]|pcmpgtq|crc32[blqw]?'],
  ['POPCNT', 'popcnt[lqw]?'],
  ['CMPXCHG16B', 'cmpxchg16b'],
  ['LAHF', 'lahf|sahf'],
  // All of AVX, AVX2, AVX-512, FMA and F16C; what is left out are segments and virtual machines.
  [
    'AVX',
    'v(?!err$|erw$|mcall|mclear|mfunc|mlaunch|mload|mmcall|mptr|mread|mresume|mrun|msave|mwrite|mx)[a-z0-9]+',
  ],
  ['AVX-512', 'k(?:add|andn?|mov|not|or|ortest|shift[lr]|test|unpck|xnor|xor)[bdqw]{1,2}'],
  ['BMI', '(?:andn|bextr|blsi|blsmsk|blsr|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx)[lq]?'],
  ['LZCNT', 'lzcnt[lqw]?'],
  ['MOVBE', 'movbe[lqw]?'],
  ['ADX', 'ad[co]x[lq]?'],
  ['AES', 'aes(?:dec|enc)(?:last|wide)?[0-9a-z]*|aesimc|aeskeygenassist|pclmul[a-z]+|gf2p8[a-z0-9]+'],
  ['SHA', 'sha(?:1|256)[a-z0-9]+'],
  ['RDRAND', 'rd(?:rand|seed)[lqw]?'],
  ['XSAVE', 'xsave[a-z0-9]*|xrstor[a-z0-9]*|xsetbv'],
  ['FSGSBASE', '(?:rd|wr)[fg]sbase[lq]?'],
  ['RDTSCP', 'rdtscp|rdpid[lq]?'],
  ['TSX', 'xabort|xbegin[lqw]?|xend|xtest'],
  ['CET', 'incssp[dq]|wru?ss[dq]|saveprevssp|rstorssp|setssbsy|clrssbsy'],
  ['AMX', 'tile[a-z0-9]+|tdp[a-z0-9]+|(?:ld|st)tilecfg'],
  [
    'others',
    'cldemote|clflushopt|clwb|enqcmds?|movdir(?:i|64b)|ptwrite[lq]?|rdpkru|wrpkru|serialize|tpause|umonitor|umwait',
  ],
];

const PATTERNS = EXTENSIONS.map(([extension, names]) => [extension, new RegExp(`^(?:${names})$`)] as const);

/** The extension that an instruction needs; undefined for one of the baseline. */
export function extensionOf(mnemonic: string): string | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(mnemonic))?.[0];
}
