import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startProgram } from '#process';
import { residentBytes } from './peak-memory.ts';

const MIB = 1024 ** 2;

describe('the memory of a program', () => {
  it('is also that of what it started', async () => {
    // The inner shell holds 64 MiB; the outer one only waits for it.
    const inner = 'text=$(head -c 67108864 /dev/zero | tr "\\0" x); echo ready; read -r _';
    await using program = startProgram({
      argv: ['bash', '-c', `bash -c '${inner}'; true`],
      env: { PATH: '/usr/bin:/bin' },
      stdin: 'pipe',
      stdout: 'pipe',
    });
    for await (const _ of program.stdout) break;
    const bytes = residentBytes(program.pid ?? 0);
    assert.ok(bytes > 64 * MIB && bytes < 512 * MIB, `${bytes}`);
  });

  it('is none once it has ended', async () => {
    const program = startProgram({ argv: ['true'], env: { PATH: '/usr/bin:/bin' } });
    await program.ended;
    assert.equal(residentBytes(program.pid ?? 0), 0);
  });
});
