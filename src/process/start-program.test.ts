import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readLines, startProgram } from './start-program.ts';

const env = { PATH: '/usr/bin:/bin' };

describe('a program that is talked to', () => {
  it('answers line by line', async () => {
    const argv = ['sh', '-c', 'while read -r line; do echo "got $line"; done'];
    await using program = startProgram({ argv, env, stdin: 'pipe', stdout: 'pipe' });
    const lines = readLines(program.stdout)[Symbol.asyncIterator]();
    program.stdin.write('one\n');
    assert.equal((await lines.next()).value, 'got one');
    program.stdin.end('two\n');
    assert.equal((await lines.next()).value, 'got two');
    assert.equal((await program.ended).exitCode, 0);
  });

  it('has pipes beyond the standard streams', async () => {
    const argv = ['sh', '-c', 'read -r line <&3; echo "$line back" >&3'];
    await using program = startProgram({ argv, env, extraPipes: 1 });
    const lines = readLines(program.pipe(3))[Symbol.asyncIterator]();
    program.pipe(3).write('there\n');
    assert.equal((await lines.next()).value, 'there back');
  });

  it('is stopped on demand, and by the end of its scope', async () => {
    const program = startProgram({ argv: ['sleep', '60'], env });
    assert.equal((await program.stop()).outcome, 'cancelled');
    let ended: Promise<{ outcome: string }>;
    {
      await using scoped = startProgram({ argv: ['sleep', '60'], env });
      ended = scoped.ended;
    }
    assert.equal((await ended).outcome, 'cancelled');
  });

  it('keeps the result of one that ended before it was stopped', async () => {
    const program = startProgram({ argv: ['sh', '-c', 'exit 4'], env });
    await program.ended;
    assert.equal((await program.stop()).exitCode, 4);
  });

  it('says why it could not be started', async () => {
    const program = startProgram({ argv: ['no-such-program-here'], env, stdin: 'pipe' });
    assert.equal((await program.ended).errorCode, 'ENOENT');
    assert.equal(program.pid, undefined);
  });
});
