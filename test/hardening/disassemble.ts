import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type CodeFacts, CodeReader } from '#elf';

/** Reads the instructions of a program, library or object file, by objdump. */
export async function disassemble(path: string): Promise<CodeFacts> {
  const objdump = spawn('objdump', ['-d', '--no-show-raw-insn', '-w', path], {
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(objdump, 'close');
  const reader = new CodeReader();
  for await (const line of createInterface({ input: objdump.stdout })) reader.take(line);
  const [exitCode] = await ended;
  if (exitCode !== 0) throw new Error(`objdump of ${path} ended with ${exitCode}`);
  return reader.facts();
}
