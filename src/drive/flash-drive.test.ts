import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeLayout } from '#disk';
import type { Event } from '#event';
import { flashDrive } from './flash-drive.ts';
import { type DriveFaults, MIB, memoryDrive, systemError, toyImage, toyJob } from './testing.ts';

const image = toyImage({ espMib: 7, rootMib: 16 });
const driveBytes = 40 * MIB + 3 * 512;

async function flash(faults: DriveFaults = {}, signal = new AbortController().signal) {
  const drive = memoryDrive(Buffer.alloc(driveBytes, 0xff), faults);
  const job = toyJob(image, driveBytes);
  const events: Event[] = [];
  const result = await flashDrive(drive, job, { emit: (event) => void events.push(event), signal });
  const isBootable = drive.stored.readUInt16LE(510) === 0xaa55;
  const hasTable = [512, driveBytes - 512].some(
    (at) => drive.stored.toString('latin1', at, at + 8) === 'EFI PART',
  );
  return { drive, job, events, result, isBootable, hasTable };
}

describe('flashing a drive', () => {
  it('puts everything that is planned on it, and tables at its own size', async () => {
    const { drive, job, result } = await flash();
    assert.ok(result.ok, JSON.stringify(result));
    for (const { offsetBytes, lengthBytes, from } of job.plan.ranges.slice(2)) {
      if (from === 'wiped') continue;
      const end = offsetBytes + lengthBytes;
      const expected = from === 'zeros' ? Buffer.alloc(lengthBytes) : image.bytes.subarray(offsetBytes, end);
      assert.ok(drive.stored.subarray(offsetBytes, end).equals(expected), `range at ${offsetBytes}`);
    }
    assert.ok(drive.stored.subarray(34 * 512, 5 * MIB).equals(image.bytes.subarray(34 * 512, 5 * MIB)));
    for (const { startSector, bytes } of encodeLayout(job.layout, job.bootCode)) {
      assert.ok(
        drive.stored.subarray(startSector * 512, startSector * 512 + bytes.length).equals(bytes),
        `sector ${startSector}`,
      );
    }
    const free = 30 * MIB + 8192;
    assert.ok(drive.stored.subarray(free, free + 4096).every((byte) => byte === 0xff));
    for (const place of job.plan.markers) {
      assert.ok(
        drive.stored.subarray(place, place + 4096).every((byte) => byte === 0),
        `marker at ${place}`,
      );
    }
  });

  it('tells how far it is, and how fast it was', async () => {
    const { events } = await flash();
    const steps = events.flatMap((event) => (event.type === 'step-finished' ? [event] : []));
    assert.deepEqual(
      steps.map(({ step }) => step),
      ['write /dev/toy', 'read back /dev/toy'],
    );
    for (const { detail } of steps) assert.match(detail ?? '', /^\d+\.\d MiB, [\d.]+ [MG]iB\/s$/);
  });

  it('writes the table only when all else is there, and sector 0 as the last', async () => {
    const writes: string[] = [];
    const { result } = await flash({
      onWrite: (_nth, bytes, offsetBytes) => {
        const hasTable = bytes.includes('EFI PART');
        const hasBoot = offsetBytes === 0 && bytes.readUInt16LE(510) === 0xaa55;
        writes.push(hasBoot ? 'boot' : hasTable ? (offsetBytes === 0 ? 'primary' : 'backup') : 'other');
        return [{ offsetBytes, bytes }];
      },
      onFlush: () => void writes.push('flush'),
      onRead: (_nth, stored) => {
        writes.push('read');
        return stored;
      },
    });
    assert.ok(result.ok);
    const end = writes.slice(writes.indexOf('backup'));
    assert.deepEqual(
      end.filter((word, at) => word !== 'read' || end[at - 1] !== 'read'),
      ['backup', 'flush', 'primary', 'flush', 'read', 'boot', 'flush', 'read'],
    );
  });

  it('says which drive takes no writes before it has written an image to it', async () => {
    const { result, drive } = await flash({ onWrite: () => [] });
    assert.ok(!result.ok && /takes no writes/.test(result.problem.message));
    assert.ok(drive.counts.writes < 6);
  });

  const halfBytes = 20 * MIB;
  for (const [name, realPlaceOf] of [
    ['wraps', (offsetBytes: number) => offsetBytes % halfBytes],
    ['drops the rest', (offsetBytes: number) => (offsetBytes < halfBytes ? offsetBytes : undefined)],
  ] as const) {
    it(`finds a drive that has half the room that it says, and ${name}`, async () => {
      const { result, isBootable, hasTable } = await flash({ realPlaceOf });
      assert.ok(!result.ok && !isBootable && !hasTable);
      assert.match(result.problem.message, /less room than it says/);
    });
  }

  for (const [name, faults, says] of [
    [
      'a write',
      {
        onWrite: (nth: number, bytes: Buffer, offsetBytes: number) =>
          nth === 20 ? thrown('EIO') : [{ offsetBytes, bytes }],
      },
      /could not write at .* of \/dev\/toy: EIO/,
    ],
    [
      'a flush',
      { onFlush: (nth: number) => (nth === 1 ? thrown('EIO') : undefined) },
      /could not bring all that was written to \/dev\/toy: EIO/,
    ],
    [
      'a read',
      { onRead: (nth: number, stored: Buffer) => (nth === 12 ? thrown('EIO') : stored) },
      /could not read at .* of \/dev\/toy: EIO/,
    ],
  ] as const) {
    it(`fails with ${name}, and leaves a drive that does not boot`, async () => {
      const { result, isBootable, hasTable } = await flash(faults);
      assert.ok(!result.ok, 'it was done');
      assert.equal(result.problem.kind, 'flash-failed');
      assert.match(result.problem.message, says);
      assert.match(result.problem.details?.at(-1) ?? '', /does not boot/);
      assert.ok(!isBootable && !hasTable);
    });
  }

  it('says so when the drive is gone and its tables cannot be wiped', async () => {
    const { result, isBootable } = await flash({ onAny: (nth) => (nth > 20 ? thrown('ENODEV') : undefined) });
    assert.ok(!result.ok && !isBootable);
    assert.match(result.problem.details?.at(-1) ?? '', /could not be wiped/);
  });

  it('stops when it is told to, and says that the drive does not boot', async () => {
    const stop = new AbortController();
    const { result, isBootable, hasTable } = await flash(
      {
        onWrite: (nth, bytes, offsetBytes) => {
          if (nth === 14) stop.abort();
          return [{ offsetBytes, bytes }];
        },
      },
      stop.signal,
    );
    assert.ok(!result.ok && result.problem.kind === 'interrupted');
    assert.match(result.problem.message, /does not boot/);
    assert.ok(!isBootable && !hasTable);
  });
});

function thrown(code: 'EIO' | 'ENODEV'): never {
  throw systemError(code, 'toy');
}
