import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isErrno } from '#base';
import { seccompFilter } from './seccomp.ts';
import { ATTRIBUTE_WRITERS, CALLS, type CallNumbers, FIRST_UNKNOWN_CALL, FORBIDDEN } from './system-calls.ts';

const [X64, ARM64, I386] = [0xc000003e, 0xc00000b7, 0x40000003];
const ALLOW = 0x7fff0000;
const refusal = (error: number) => 0x00050000 + error;

describe('the filter of system calls', () => {
  const answer = interpreter(seccompFilter());

  for (const [at, architecture] of [X64, ARM64].entries()) {
    const numberOf = (numbers: CallNumbers): number => numbers[at] ?? -1;
    it(`on architecture ${architecture.toString(16)} refuses what it lists, and nothing else`, () => {
      const refused = new Map<number, number>();
      for (let number = 0; number < FIRST_UNKNOWN_CALL; number += 1) {
        const verdict = answer(architecture, number, 0, 0);
        if (verdict !== ALLOW) refused.set(number, verdict);
      }
      const expected = new Map([
        ...Object.values(FORBIDDEN).map((numbers) => [numberOf(numbers), refusal(1)] as const),
        ...Object.values(ATTRIBUTE_WRITERS).map((numbers) => [numberOf(numbers), refusal(95)] as const),
        [numberOf(CALLS.clone3), refusal(38)] as const,
        [numberOf(CALLS.socket), refusal(97)] as const,
      ]);
      expected.delete(-1);
      assert.deepEqual([...refused].sort(), [...expected].sort());
    });

    it(`on architecture ${architecture.toString(16)} looks at arguments where they decide`, () => {
      const on = (numbers: CallNumbers, first: number, second = 0) =>
        answer(architecture, numberOf(numbers), first, second);
      // What fork is, and a thread of glibc (clone(2)).
      for (const flags of [0x01200011, 0x003d0f00]) assert.equal(on(CALLS.clone, flags), ALLOW);
      for (const flags of [0x10000011, 0x20000011, 0x00020011])
        assert.equal(on(CALLS.clone, flags), refusal(1));
      assert.equal(on(CALLS.unshare, 0x400), ALLOW);
      assert.equal(on(CALLS.unshare, 0x10000000), refusal(1));
      assert.equal(on(CALLS.ioctl, 0, 0x5401), ALLOW);
      assert.equal(on(CALLS.ioctl, 0, 0x5412), refusal(1));
      for (const family of [1, 2, 10, 16]) assert.equal(on(CALLS.socket, family), ALLOW);
      for (const family of [17, 38, 40]) assert.equal(on(CALLS.socket, family), refusal(97));
    });
  }

  it('knows no call of a later Linux, of x32 or of 32-bit programs', () => {
    assert.equal(answer(X64, FIRST_UNKNOWN_CALL, 0, 0), refusal(38));
    assert.equal(answer(X64, 0x40000000 + 39, 0, 0), refusal(38));
    assert.equal(answer(I386, 20, 0, 0), refusal(38));
  });

  it('has the numbers of the headers of this machine', async (t) => {
    const header = await readHeader('/usr/include/x86_64-linux-gnu/asm/unistd_64.h');
    if (header === undefined) return t.skip('no headers of the kernel here');
    for (const [name, [number]] of Object.entries({ ...CALLS, ...FORBIDDEN, ...ATTRIBUTE_WRITERS })) {
      assert.match(header, new RegExp(`#define __NR_${name} ${number}\\n`));
    }
  });
});

/** Runs the filter as the kernel does: seccomp(2), struct seccomp_data. */
function interpreter(filter: Uint8Array) {
  const view = new DataView(filter.buffer);
  return (architecture: number, call: number, first: number, second: number): number => {
    const data: Readonly<Record<number, number>> = { 0: call, 4: architecture, 16: first, 24: second };
    let accumulator = 0;
    for (let at = 0; at < filter.length; at += 8) {
      const [code, ifSo, ifNot] = [view.getUint16(at, true), view.getUint8(at + 2), view.getUint8(at + 3)];
      const operand = view.getUint32(at + 4, true);
      const jump = (holds: boolean) => {
        at += (holds ? ifSo : ifNot) * 8;
      };
      if (code === 0x20) accumulator = data[operand] ?? Number.NaN;
      else if (code === 0x15) jump(accumulator === operand);
      else if (code === 0x35) jump(accumulator >= operand);
      else if (code === 0x45) jump((accumulator & operand) !== 0);
      else if (code === 0x06) return operand;
      else throw new Error(`Unknown instruction ${code}`);
    }
    throw new Error('The filter ends without an answer');
  };
}

async function readHeader(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
