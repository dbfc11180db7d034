import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { spawn } from '@lydell/node-pty';

const DOOR = join(import.meta.dirname, 'confirm-drive.ts');

/** A program that has a made-up drive confirmed, and prints what came of it as JSON. */
function programFor(
  drive: Record<string, unknown>,
  confirmation: Record<string, unknown>,
): readonly string[] {
  const whole = { path: '/dev/sdb', name: 'sdb', bus: 'usb', sizeBytes: 32e9, twins: [], ...drive };
  const script = `
    const { confirmDrive } = await import(${JSON.stringify(DOOR)});
    const stop = new AbortController();
    process.on('SIGINT', () => stop.abort());
    const asked = { flags: { yes: false }, ...${JSON.stringify(confirmation)}, signal: stop.signal };
    const confirmed = await confirmDrive(${JSON.stringify(whole)}, asked);
    console.log(JSON.stringify(confirmed.ok ? 'confirmed' : confirmed.problem));`;
  return ['--input-type=module', '-e', script];
}

/** Runs it on a terminal, and types something when it asks. */
async function onTerminal(drive: Record<string, unknown>, typed: string): Promise<string> {
  const terminal = spawn(process.execPath, [...programFor(drive, {})], { cols: 200, rows: 40 });
  let text = '';
  let isAsked = false;
  const ended = new Promise<void>((resolve) => terminal.onExit(() => resolve()));
  terminal.onData((piece) => {
    text += piece;
    if (isAsked || !/To write it, .*: $/.test(text)) return;
    isAsked = true;
    terminal.write(typed);
  });
  await ended;
  return text;
}

function withoutTerminal(drive: Record<string, unknown>, confirmation: Record<string, unknown>): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, programFor(drive, confirmation), {
    encoding: 'utf8',
  });
  assert.match(stderr, /Everything on \/dev\/sdb will be lost:/);
  return JSON.parse(stdout);
}

describe('on a terminal', () => {
  const cases: readonly (readonly [
    title: string,
    drive: Record<string, unknown>,
    typed: string,
    end: RegExp,
  ])[] = [
    ['the serial confirms', { serial: '4C53' }, '4C53\r', /"confirmed"/],
    ['space around it does not matter', { serial: '4C53' }, '  4C53 \r', /"confirmed"/],
    ['yes does not confirm', { serial: '4C53' }, 'yes\r', /something else was typed/],
    ['small letters do not confirm', { serial: '4C53' }, '4c53\r', /something else was typed/],
    ['nothing does not confirm', { serial: '4C53' }, '\r', /something else was typed/],
    ['the name does not do for a serial', { serial: '4C53' }, 'sdb\r', /something else was typed/],
    ['the name confirms where there is no serial', {}, 'sdb\r', /"confirmed"/],
    ['Ctrl-D does not confirm', { serial: '4C53' }, '\u0004', /nothing was typed/],
    ['Ctrl-C does not confirm', { serial: '4C53' }, '\u0003', /nothing was typed/],
  ];
  for (const [title, drive, typed, end] of cases) {
    test(title, async () => assert.match(await onTerminal(drive, typed), end));
  }
});

describe('without a terminal', () => {
  const hintOf = (problem: unknown) => {
    const { kind, hint } = problem as { readonly kind: string; readonly hint: string };
    assert.equal(kind, 'refused');
    return hint;
  };
  test('nobody can confirm, and the hint says how a script does', () => {
    const problem = withoutTerminal({ serial: 'a b' }, {});
    assert.equal(hintOf(problem), "If this is the drive that is meant: --yes --serial 'a b'");
  });
  test('--yes alone is not enough', () => {
    const problem = withoutTerminal({ serial: '4C53' }, { flags: { yes: true } });
    assert.equal(hintOf(problem), 'If this is the drive that is meant: --yes --serial 4C53');
  });
  test('--yes with another serial is not enough', () => {
    hintOf(withoutTerminal({ serial: '4C53' }, { flags: { yes: true }, typedSerial: '4C54' }));
  });
  test('--yes with its serial confirms', () => {
    const confirmed = withoutTerminal({ serial: '4C53' }, { flags: { yes: true }, typedSerial: '4C53' });
    assert.equal(confirmed, 'confirmed');
  });
  test('a drive without a serial, or with that of another, is only confirmed on a terminal', () => {
    const hint = 'It has no serial that tells it from others: confirm it on a terminal';
    assert.equal(hintOf(withoutTerminal({}, { flags: { yes: true }, typedSerial: 'sdb' })), hint);
    const twin = { serial: '4C53', twins: ['sdc'] };
    assert.equal(hintOf(withoutTerminal(twin, { flags: { yes: true }, typedSerial: '4C53' })), hint);
  });
});
