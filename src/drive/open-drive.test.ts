import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { alignedBuffer } from './aligned-buffer.ts';
import { type OpenDrive, openDrive } from './open-drive.ts';
import { permitDrive } from './permit-drive.ts';
import { changedFiles, openTable, put, STICK_BYTES, type Table, tryToFlash } from './testing-flash.ts';
import { whyNoLoops } from './testing-loops.ts';
import { THIS_MACHINE } from './world.ts';

async function openStick({ device, stick, image }: Table): Promise<OpenDrive> {
  const request = { path: device, imagePath: image, imageBytes: 1, typedSerial: stick };
  const permitted = await permitDrive(request, THIS_MACHINE);
  assert.ok(permitted.ok);
  const opened = await openDrive(permitted.value, THIS_MACHINE);
  assert.ok(opened.ok);
  return opened.value;
}

test('an aligned buffer begins at a page, whatever its size', () => {
  for (const sizeBytes of [512, 65_536, 1_000_448]) {
    const buffer = alignedBuffer(sizeBytes);
    assert.deepEqual([buffer.length, buffer.byteOffset % 4096], [sizeBytes, 0]);
  }
});

describe('an open drive', { skip: whyNoLoops() }, () => {
  test('gives back what was written, to its last sector', async () => {
    using table = openTable();
    await using drive = await openStick(table);
    assert.equal(drive.sizeBytes, STICK_BYTES);
    const written = alignedBuffer(8192).fill(0xa5);
    await drive.write(written, STICK_BYTES - 8192);
    await drive.flush();
    const read = alignedBuffer(8192);
    await drive.read(read, STICK_BYTES - 8192);
    assert.ok(read.equals(written));
  });

  test('is read itself, not what the system remembers of it', async () => {
    using table = openTable();
    await using drive = await openStick(table);
    await drive.write(alignedBuffer(4096).fill(1), 0);
    await drive.flush();
    const read = alignedBuffer(4096);
    for (const byte of [2, 3]) {
      // As if the drive had kept other bytes than it was given, and then others again.
      put(table.stick, [{ at: 0, bytes: Buffer.alloc(4096, byte) }]);
      await drive.read(read, 0);
      assert.equal(read[0], byte);
    }
  });

  test('ends where it ends', async () => {
    using table = openTable();
    await using drive = await openStick(table);
    await assert.rejects(drive.write(alignedBuffer(8192), STICK_BYTES - 4096), { code: 'ENOSPC' });
    await assert.rejects(drive.read(alignedBuffer(8192), STICK_BYTES - 4096), { code: 'ENOSPC' });
  });

  test('is ours alone, until it is closed', async () => {
    using table = openTable();
    const attempt = { path: table.device, typedSerial: table.stick };
    {
      await using _drive = await openStick(table);
      assert.deepEqual(await tryToFlash(table, attempt), ['in-use']);
    }
    assert.deepEqual(await tryToFlash(table, attempt), []);
  });
});

test('in a race with somebody who swaps the drive, no other is ever written', {
  skip: whyNoLoops(),
}, async () => {
  using table = openTable();
  table.file('other', STICK_BYTES);
  table.detach(table.device);
  // High, so that nobody who asks for any free device gets it while it is free.
  const device = `/dev/loop${960 + (process.pid % 8)}`;
  const before = table.digests();
  for (let round = 0; round < 20; round += 1) {
    table.attach(table.stick, device);
    // Spread over the whole time from before the first look to after the opening.
    const script = `sleep ${(round * 0.006).toFixed(3)}; losetup --detach "$0"; losetup "$0" "$1" 2>/dev/null`;
    const swapping = spawn('sh', ['-c', script, device, join(table.folder, 'other')], { stdio: 'ignore' });
    const swapped = once(swapping, 'close');
    await tryToFlash(table, { path: device, typedSerial: table.stick });
    await swapped;
    assert.deepEqual(
      changedFiles(table, before).filter((file) => file !== 'stick'),
      [],
    );
    table.detach(device);
  }
});
