import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeOutcome, problemOf, runProgram } from './run-program.ts';

const env = { PATH: '/usr/bin:/bin' };
const sh = (script: string, ...words: string[]) => ['sh', '-c', script, 'sh', ...words];

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazeneuro-process-'));
});
after(async () => await rm(folder, { recursive: true }));

describe('running a program to its end', () => {
  it('gives back both streams apart, and the exit code', async () => {
    const result = await runProgram({ argv: sh('echo out; echo err >&2; exit 3'), env });
    assert.equal(result.outcome, 'exited');
    assert.equal(result.succeeded, false);
    assert.equal(result.exitCode, 3);
    assert.equal(result.stdout, 'out\n');
    assert.equal(result.stderr, 'err\n');
  });

  it('hands arguments over untouched by any shell', async () => {
    const words = ['a b', '$HOME', "it's", '*', ''];
    const result = await runProgram({ argv: ['printf', '<%s>', ...words], env });
    assert.equal(result.stdout, words.map((word) => `<${word}>`).join(''));
  });

  it('gives the program the named environment and nothing else', async () => {
    const result = await runProgram({ argv: ['/usr/bin/env'], env: { ONLY: 'this' } });
    assert.equal(result.stdout, 'ONLY=this\n');
  });

  it('runs where it is told to', async () => {
    assert.equal((await runProgram({ argv: ['pwd'], env, cwd: folder })).stdout, `${folder}\n`);
  });

  it('feeds text to stdin, and nothing when nothing is given', async () => {
    assert.equal((await runProgram({ argv: ['cat'], env, stdin: { text: 'hello' } })).stdout, 'hello');
    assert.equal((await runProgram({ argv: ['cat'], env })).stdout, '');
  });

  it('mixes stderr into the captured stdout when asked to', async () => {
    const result = await runProgram({ argv: sh('echo out; echo err >&2'), env, stderr: 'as-stdout' });
    assert.deepEqual(result.stdout.trim().split('\n').sort(), ['err', 'out']);
    assert.equal(result.stderr, '');
  });

  it('says which program could not be started', async () => {
    const result = await runProgram({ argv: ['no-such-program-here'], env });
    assert.equal(result.outcome, 'not-started');
    assert.equal(result.errorCode, 'ENOENT');
    assert.equal(describeOutcome(result), 'no-such-program-here could not be started (ENOENT)');
  });

  it('tells a death by signal from an exit', async () => {
    const result = await runProgram({ argv: sh('kill -KILL $$'), env });
    assert.equal(result.outcome, 'killed');
    assert.equal(result.signalName, 'SIGKILL');
    assert.equal(result.exitCode, undefined);
  });

  it('accounts the CPU time of the program and of its children to it', async () => {
    const busy = 'i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done';
    const busyResult = await runProgram({ argv: sh(`(${busy}) & wait`), env });
    const idleResult = await runProgram({ argv: ['sleep', '0.05'], env });
    assert.ok(busyResult.cpuMs >= 30, `${busyResult.cpuMs} ms`);
    assert.ok(idleResult.cpuMs <= 20, `${idleResult.cpuMs} ms`);
  });
});

describe('output to files', () => {
  it('writes both streams into one file in order, and appends when asked to', async () => {
    const path = join(folder, 'both.log');
    const script = sh('echo one; echo two >&2; echo three');
    await runProgram({ argv: script, env, stdout: { path }, stderr: 'as-stdout' });
    await runProgram({ argv: script, env, stdout: { path, append: true }, stderr: 'as-stdout' });
    assert.equal(await readFile(path, 'utf8'), 'one\ntwo\nthree\none\ntwo\nthree\n');
  });

  it('hands open descriptors over, and leaves them open', async () => {
    const path = join(folder, 'given.txt');
    await writeFile(path, 'given\n');
    const inputFd = openSync(path, 'r');
    const outputFd = openSync(join(folder, 'copy.txt'), 'w');
    await runProgram({ argv: sh('cat <&3'), env, extraFds: [inputFd], stdout: { fd: outputFd } });
    closeSync(inputFd);
    closeSync(outputFd);
    assert.equal(await readFile(join(folder, 'copy.txt'), 'utf8'), 'given\n');
  });

  it('keeps no descriptor of a file it opened itself', async () => {
    const before = await openDescriptors();
    await runProgram({
      argv: ['true'],
      env,
      stdout: { path: join(folder, 'x') },
      stderr: { path: join(folder, 'y') },
    });
    assert.equal(await openDescriptors(), before);
  });
});

describe('stopping a program', () => {
  it('ends it at its time limit, with everything that it started', async () => {
    const pidFile = join(folder, 'pids');
    const script = sh('sleep 60 & echo $! > "$1"; sleep 60', pidFile);
    const result = await runProgram({ argv: script, env, timeLimitMs: 300 });
    assert.equal(result.outcome, 'timed-out');
    assert.equal(result.succeeded, false);
    assert.equal(await isRunning(pidFile), false);
  });

  it('ends one that ignores SIGTERM, after its grace time', async () => {
    const argv = sh('trap "" TERM; while :; do sleep 0.1; done');
    const result = await runProgram({ argv, env, timeLimitMs: 100, graceMs: 100 });
    assert.equal(result.outcome, 'timed-out');
    assert.equal(result.signalName, 'SIGKILL');
  });

  it('is not fooled by one that exits with 0 when it is told to end', async () => {
    const argv = sh('trap "exit 0" TERM; while :; do sleep 0.1; done');
    const result = await runProgram({ argv, env, timeLimitMs: 200 });
    assert.equal(result.outcome, 'timed-out');
    assert.equal(result.succeeded, false);
    assert.equal(result.exitCode, undefined);
  });

  it('ends it when its signal is aborted, also when that was long ago', async () => {
    const controller = new AbortController();
    const running = runProgram({ argv: ['sleep', '60'], env, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    assert.equal((await running).outcome, 'cancelled');
    const late = await runProgram({ argv: ['sleep', '60'], env, signal: controller.signal });
    assert.equal(late.outcome, 'cancelled');
  });

  it('does not wait for what a program leaves in the background, but ends it', async () => {
    const pidFile = join(folder, 'left');
    const started = performance.now();
    const result = await runProgram({ argv: sh('sleep 60 & echo $! > "$1"; echo done', pidFile), env });
    assert.equal(result.stdout, 'done\n');
    assert.ok(performance.now() - started < 5000);
    assert.equal(await isRunning(pidFile), false);
  });

  it('ends one that prints without end', async () => {
    const result = await runProgram({ argv: ['yes'], env, captureLimitBytes: 1000 });
    assert.equal(result.outcome, 'too-much-output');
    assert.equal(result.stdout.length, 1000);
  });

  it('ends one that dies with us, when we are killed', async () => {
    const pidFile = join(folder, 'orphan');
    const code = `
      import { runProgram } from ${JSON.stringify(import.meta.resolve('./run-program.ts'))};
      const argv = ['sh', '-c', 'echo $$ > "$1.new"; mv "$1.new" "$1"; exec sleep 60', 'sh', ${JSON.stringify(pidFile)}];
      import { existsSync } from 'node:fs';
      setInterval(() => existsSync(${JSON.stringify(pidFile)}) && process.kill(process.pid, 'SIGKILL'), 50);
      await runProgram({ argv, env: ${JSON.stringify(env)}, dieWithUs: true });`;
    const parent = await runProgram({ argv: [process.execPath, '--input-type=module', '-e', code], env });
    assert.equal(parent.signalName, 'SIGKILL');
    assert.equal(await isRunning(pidFile), false);
  });

  it('ends one that dies with us, when we are killed before it has asked the kernel for that', async () => {
    const [file, slow] = [join(folder, 'went-on'), join(folder, 'slow')];
    // On a busy machine it takes its time to begin.
    await mkdir(slow);
    const setpriv = `#!/bin/sh\nPATH=${env.PATH}\nsleep 0.5\nexec setpriv "$@"\n`;
    await writeFile(join(slow, 'setpriv'), setpriv, { mode: 0o755 });
    const slowEnv = { ...env, PATH: `${slow}:${env.PATH}` };
    const code = `
      import { runProgram } from ${JSON.stringify(import.meta.resolve('./run-program.ts'))};
      const argv = ['sh', '-c', 'sleep 1; echo > "$1"', 'sh', ${JSON.stringify(file)}];
      void runProgram({ argv, env: ${JSON.stringify(slowEnv)}, dieWithUs: true });
      process.kill(process.pid, 'SIGKILL');`;
    await writeFile(`${file}.mjs`, code);
    const parent = await runProgram({ argv: [process.execPath, `${file}.mjs`], env });
    assert.equal(parent.signalName, 'SIGKILL');
    const look = { argv: ['pgrep', '--full', `sh ${file}$`], env };
    while ((await runProgram(look)).exitCode === 0) await sleep(20);
    await assert.rejects(readFile(file), { code: 'ENOENT' });
  });
});

describe('a bad end as a problem', () => {
  it('says how it ended, how to replay it, and the last lines', async () => {
    const result = await runProgram({ argv: sh('echo "no such disk" >&2; exit 2'), env });
    assert.deepEqual(problemOf(result, { kind: 'image-failed', subject: 'root file system' }), {
      kind: 'image-failed',
      subject: 'root file system',
      message: 'sh exited with 2.',
      details: [`$ sh -c 'echo "no such disk" >&2; exit 2' sh`, 'no such disk'],
    });
  });
});

async function openDescriptors(): Promise<number> {
  return (await readdir('/proc/self/fd')).length;
}

/** Whether the process whose id is in the file still runs: a zombie that init has not collected yet does not. */
async function isRunning(pidFile: string): Promise<boolean> {
  const pid = (await readFile(pidFile, 'utf8')).trim();
  const state = await runProgram({ argv: ['ps', '-o', 'stat=', '-p', pid], env });
  return state.exitCode === 0 && !state.stdout.startsWith('Z');
}
