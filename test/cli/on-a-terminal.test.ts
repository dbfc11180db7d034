import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import { openScreen, type Screen } from '../../src/report/testing-screen.ts';
import { openRig, PROJECT, type Rig } from '../rig.ts';
import { toyWords, writeToy, writeToyProfile } from './toy.ts';

const CTRL_C = '\u0003';
// A machine may be busy with other things.
const PATIENCE_MS = 300_000;

const CTRL_Z = '\u001a';

describe('on a real terminal', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await openRig();
    await writeToyProfile(rig);
    await writeToy(rig, 'stands');
    await writeToy(rig, 'toy', { needs: ['stands'], build: 'echo begun\nsleep 600' });
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  const build = (name: string) => [...toyWords(rig), 'build', name];

  test('a run shows what runs, and leaves its lines and a cursor', async () => {
    await using run = onTerminal(rig, build('system/stands'));
    assert.equal(await run.exitCode, 0, run.text());
    const lines = run.screen.lines();
    assert.match(lines[0] ?? '', /^\[0\/1\] system\/stands started$/);
    assert.match(lines.at(-1) ?? '', /^done: 1 built, 0 from the store/);
    assert.ok(!run.text().includes('━'), 'nothing of the block is left');
    assert.ok(run.cursorIsShown());
  });

  test('the block names the build, its phase, its time and what is left; Ctrl-C stops and says how to go on', async () => {
    await using run = onTerminal(rig, build('system/toy'));
    await run.until(/^system\/toy +build +\d:\d\d of ~0:15/m);
    assert.match(run.text(), /^[━─]+ 1 of 2 · \d+ % · about .* left$/m);
    run.terminal.resize(40, 10);
    run.screen.resize(40, 10);
    await run.until(/^system\/toy build 0:\d\d\/~0:15$/m);

    run.terminal.write(CTRL_C);
    assert.equal(await run.exitCode, 130, run.text());
    const text = run.text().replaceAll('\n', '');
    assert.ok(text.includes(`To go on: blazeneuro --config ${rig.overlay}`), run.text());
    assert.match(text, /system\/toy was interrupted/);
    assert.ok(run.cursorIsShown());
  });

  test('Ctrl-Z gives the terminal back, and fg goes on', async () => {
    await using run = onTerminal(rig, build('system/toy'));
    await run.until(/^system\/toy +build +\d:\d\d/m);
    run.terminal.write(CTRL_Z);
    await run.until(/^(?![\s\S]*━)/);
    assert.ok(run.cursorIsShown());
    process.kill(run.terminal.pid, 'SIGCONT');
    await run.until(/^system\/toy +build/m);
    run.terminal.write(CTRL_C);
    assert.equal(await run.exitCode, 130, run.text());
  });

  test('a terminal that is closed ends the run, and the next one goes on', async () => {
    await using run = onTerminal(rig, build('system/toy'));
    await run.until(/^system\/toy +build +\d:\d\d/m);
    await run.hangUp();
    assert.ok((await rig.read('logs/events.jsonl')).includes('"type":"finished"'), 'it ended by itself');
    await writeToy(rig, 'toy', { needs: ['stands'] });
    const next = await rig.run(...build('system/toy'));
    assert.equal(next.exitCode, 0, next.stderr);
    assert.match(next.stderr, /done: 1 built, 1 from the store/);
  });

  test('a log steers no terminal; to a pipe it goes as it is', async () => {
    await writeToy(rig, 'toy', { build: "printf '\\033]0;hostile\\007\\033[2Jä\\rb\\ttab\\n'" });
    const built = await rig.run(...build('system/toy'));
    assert.equal(built.exitCode, 0, built.stderr);
    const words = [...toyWords(rig), 'log', 'system/toy'];
    await using run = onTerminal(rig, words);
    assert.equal(await run.exitCode, 0, run.text());
    assert.ok(run.raw().includes('\\x1b]0;hostile\\x07\\x1b[2Jä\\x0db\ttab\r\n'), JSON.stringify(run.raw()));
    assert.ok(!run.raw().includes('\u001b'), JSON.stringify(run.raw()));
    const { stdout } = await rig.run(...words);
    assert.ok(stdout.includes('\u001b]0;hostile\u0007\u001b[2Jä\rb\ttab\n'), JSON.stringify(stdout));
  });

  test('-q and a dumb terminal get no block', async () => {
    for (const [words, env] of [
      [['-q'], {}],
      [[], { TERM: 'dumb' }],
    ] as const) {
      await using run = onTerminal(
        rig,
        [...words, ...build('system/stands'), '--rebuild', 'system/stands'],
        env,
      );
      assert.equal(await run.exitCode, 0, run.text());
      assert.ok(!run.raw().includes('\u001b'), JSON.stringify(run.raw()));
    }
  });
});

type TerminalRun = AsyncDisposable & {
  readonly terminal: IPty;
  readonly screen: Screen;
  readonly exitCode: Promise<number>;
  text(): string;
  raw(): string;
  until(pattern: RegExp): Promise<void>;
  cursorIsShown(): boolean;
  /** Closes the terminal, and waits for the end of the program. */
  hangUp(): Promise<void>;
};

/** The program with a pseudo-terminal as its own, and a screen that shows what it writes. */
function onTerminal(rig: Rig, words: readonly string[], env: Record<string, string> = {}): TerminalRun {
  const screen = openScreen(80, 24);
  let raw = '';
  let hasEnded = false;
  const terminal = spawn(join(PROJECT, 'blazeneuro'), [...words], {
    ...{ cols: 80, rows: 24, name: env['TERM'] ?? 'xterm', cwd: rig.cwd },
    env: { ...process.env, BLAZENEURO_STORE: rig.store, NO_COLOR: '1', LC_ALL: 'C.UTF-8', ...env },
  });
  terminal.onData((text) => {
    raw += text;
    void screen.write(text);
  });
  const exitCode = new Promise<number>((resolve) => {
    terminal.onExit((ended) => {
      hasEnded = true;
      // What it wrote last has to reach the screen.
      void screen.write('').then(() => resolve(ended.exitCode));
    });
  });
  const text = () => screen.lines().join('\n');
  return {
    ...{ terminal, screen, exitCode, text },
    raw: () => raw,
    cursorIsShown: () => raw.lastIndexOf('\u001b[?25h') >= raw.lastIndexOf('\u001b[?25l'),
    until: async (pattern) => {
      const deadline = Date.now() + PATIENCE_MS;
      while (!pattern.test(text())) {
        if (hasEnded || Date.now() > deadline) throw new Error(`Waited in vain for ${pattern}:\n${text()}`);
        await sleep(20);
      }
    },
    hangUp: async () => {
      // Closes our end: whoever writes to the terminal from now on gets EIO, and its session hangs up.
      (terminal as unknown as { destroy(): void }).destroy();
      const deadline = Date.now() + PATIENCE_MS;
      while (existsSync(`/proc/${terminal.pid}`)) {
        if (Date.now() > deadline) throw new Error('It goes on without its terminal.');
        await sleep(20);
      }
      hasEnded = true;
    },
    [Symbol.asyncDispose]: async () => {
      if (hasEnded) return;
      process.kill(terminal.pid, 'SIGKILL');
      await exitCode;
    },
  };
}
