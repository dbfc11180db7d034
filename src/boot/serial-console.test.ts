import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { unwrap } from '#base';
import { openSerialConsole } from './serial-console.ts';

const soon = { what: 'a login prompt', timeLimitMs: 100 };

function openLine() {
  const output = new PassThrough();
  const input = new PassThrough();
  const seen: string[] = [];
  const console = openSerialConsole({ output, input, onText: (text) => void seen.push(text) });
  return { output, input, seen, console };
}

describe('waiting on a serial line', () => {
  it('takes what it matched, so that the next wait starts behind it', async () => {
    const { output, console } = openLine();
    output.write('first login: second log');
    unwrap(await console.waitFor(/login: /, soon));
    const second = console.waitFor(/(\w+) login: /, soon);
    output.write('in: ');
    assert.equal(unwrap(await second)[1], 'second');
  });

  it('finds text that is cut anywhere, also inside an escape or a character', async () => {
    const { output, console } = openLine();
    const bytes = Buffer.from('\x1b[2J\x1b[01;01Hgr\x1b[1mü\x1b[0mn\r\n');
    const found = console.waitFor(/^grün\n/, soon);
    for (const byte of bytes) output.write(Buffer.from([byte]));
    unwrap(await found);
  });

  it('says what it waited for, and shows the last lines, when the time is over', async () => {
    const { output, console } = openLine();
    output.write('Loading Linux\r\n\r\n');
    const result = await console.waitFor(/login: /, soon);
    assert.ok(!result.ok);
    assert.match(result.problem.message, /While waiting for a login prompt/);
    assert.deepEqual(result.problem.details, ['Loading Linux']);
  });

  it('does not wait for a guest that panicked or ended', async () => {
    const patient = { what: 'a login prompt', timeLimitMs: 60_000 };
    const panicked = openLine();
    panicked.output.write('[ 1.0] Kernel panic - not syncing: No working init found.\r\n');
    const panic = await panicked.console.waitFor(/login: /, patient);
    assert.match(panic.ok ? '' : panic.problem.message, /No working init found/);

    const ended = openLine();
    const waiting = ended.console.waitFor(/login: /, patient);
    ended.output.end('bye\r\n');
    const end = await waiting;
    assert.match(end.ok ? '' : end.problem.message, /the guest ended/);
  });

  it('shows all of it to the log, and types exactly what it is told to', () => {
    const { output, input, seen, console } = openLine();
    output.write('\x1b[1mbold');
    console.type('root\n');
    assert.deepEqual(seen, ['\x1b[1mbold']);
    assert.equal(input.read().toString(), 'root\n');
  });
});
