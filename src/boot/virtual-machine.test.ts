import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { unwrap } from '#base';
import { DEFAULT_MACHINE } from './machine.ts';
import { assembleSector } from './sectors/assemble.ts';
import { type StartedMachine, startMachine } from './virtual-machine.ts';

const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
const seconds = 1000;

let folder = '';
let stick: StartedMachine;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazeneuro-machine-'));
  const path = await assembleSector('counter.s', folder);
  await truncate(path, 1024 * 1024);
  const drive = { path, format: 'raw', forgetful: false } as const;
  const firmware = { kind: 'bios' } as const;
  stick = { ...DEFAULT_MACHINE, firmware, accel: 'tcg', memoryMiB: 64, drive, endsOnReboot: true };
});
after(async () => await rm(folder, { recursive: true }));

describe('a machine in QEMU', () => {
  it('starts from the stick, speaks over its serial port, and powers itself off', async () => {
    let log = '';
    const onText = (text: string) => {
      log += text;
    };
    await using machine = startMachine(stick, { env, onText });
    const line = await machine.console.waitFor(/boot (\d)\n/, {
      what: 'the count',
      timeLimitMs: 20 * seconds,
    });
    assert.equal(unwrap(line)[1], '1');
    unwrap(await machine.waitForPowerOff(10 * seconds));
    assert.match(log, /blazeneuro-tiny: boot 1\r\n/);
  });

  it('keeps what the guest wrote, and forgets it when asked to', async () => {
    for (const [forgetful, expected] of [
      [true, '2'],
      [false, '2'],
      [true, '3'],
    ] as const) {
      await using machine = startMachine({ ...stick, drive: { ...stick.drive, forgetful } }, { env });
      const line = await machine.console.waitFor(/boot (\d)\n/, {
        what: 'the count',
        timeLimitMs: 20 * seconds,
      });
      assert.equal(unwrap(line)[1], expected);
      unwrap(await machine.waitForPowerOff(10 * seconds));
    }
  });

  it('obeys its control socket', async () => {
    await using machine = startMachine(stick, { env });
    const version = (await machine.qmp.execute('query-version')) as { qemu: { major: number } };
    assert.ok(version.qemu.major >= 6);
    await assert.rejects(machine.qmp.execute('no-such-command'), /QEMU: .*no-such-command/);
  });

  it('is not taken for powered off when it is quit, restarts or goes on', async () => {
    await using goesOn = startMachine(stick, { env });
    await goesOn.qmp.execute('stop');
    const late = await goesOn.waitForPowerOff(200);
    assert.match(late.ok ? '' : late.problem.message, /did not power off within 0.2 s/);
    const quit = goesOn.waitForPowerOff(5 * seconds);
    await goesOn.qmp.execute('quit');
    assert.match(messageOf(await quit), /was ended by host-qmp-quit/);

    await using restarts = startMachine(stick, { env });
    await restarts.qmp.execute('stop');
    await restarts.qmp.execute('system_reset');
    assert.match(messageOf(await restarts.waitForPowerOff(5 * seconds)), /host-qmp-system-reset/);
  });

  it('tells why QEMU itself failed, and that it is missing', async () => {
    const noDrive = { ...stick, drive: { ...stick.drive, path: join(folder, 'no-such-drive') } };
    const what = { what: 'the count', timeLimitMs: 20 * seconds };
    await using failing = startMachine(noDrive, { env });
    const failed = await failing.waitFor(/boot/, what);
    assert.match(failed.ok ? '' : (failed.problem.details?.join('\n') ?? ''), /no-such-drive/);

    await using missing = startMachine(stick, { env: { PATH: `${folder}/bin` } });
    const result = await missing.waitForPowerOff(10 * seconds);
    assert.equal(result.ok ? '' : result.problem.kind, 'host-lacks');
  });

  it('is gone at once when its power is cut, and has written down what its drive was asked for', async () => {
    const logPath = join(folder, 'log');
    await writeFile(logPath, '');
    const drive = { ...stick.drive, path: await makeTireless(stick.drive.path), logPath };
    await using machine = startMachine({ ...stick, drive }, { env, onSecondSerial: () => {} });
    const what = { what: 'the count', timeLimitMs: 20 * seconds };
    unwrap(await machine.waitFor(/boot \d\n/, what));
    await machine.cutPower();
    const log = await readFile(logPath);
    // The first entry of dm-log-writes, in the second sector: how many sectors were written, and which bytes.
    const [sectors, written] = [Number(log.readBigUInt64LE(512 + 8)), log.subarray(1024)];
    assert.ok(sectors > 0 && written.length >= sectors * 512, `${sectors} sectors, ${written.length} bytes`);
    const end = await machine.waitForPowerOff(seconds);
    assert.match(messageOf(end), /SIGKILL|killed/i);
  });

  it('is gone when its scope ends', async () => {
    let ended: Promise<unknown>;
    {
      await using machine = startMachine(stick, { env });
      ended = machine.waitForPowerOff(10 * seconds);
    }
    await ended;
  });
});

/** A drive like this one, whose guest never powers off: where it would, it asks the port of the self-tests instead. */
async function makeTireless(path: string): Promise<string> {
  const sector = await readFile(path);
  const powerOff = sector.indexOf(Buffer.from('ba0406', 'hex'));
  assert.ok(powerOff > 0);
  sector.writeUInt16LE(0x80, powerOff + 1);
  await writeFile(`${path}.tireless`, sector);
  return `${path}.tireless`;
}

function messageOf(result: { ok: true } | { ok: false; problem: { message: string } }): string {
  return result.ok ? '' : result.problem.message;
}
