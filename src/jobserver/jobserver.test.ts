import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, openSync, readSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Jobserver, type Seat } from './jobserver.ts';
import { openYard, seatOf, until, type Yard } from './testing.ts';

const makeVersion = /GNU Make (\d+)\.(\d+)/.exec(execFileSync('make', ['--version'], { encoding: 'utf8' }));
const knowsFifos = Number(makeVersion?.[1]) * 100 + Number(makeVersion?.[2]) >= 404;

describe('seats', () => {
  it('are as many as there are tokens', () => {
    const jobserver = new Jobserver(2);
    const first = seatOf(jobserver, 1);
    seatOf(jobserver, 1);
    assert.equal(jobserver.takeSeat(9), undefined);
    first.leave();
    assert.equal(jobserver.free, 1);
    seatOf(jobserver, 1);
  });

  it('give back what they have once, however often they are left', () => {
    const jobserver = new Jobserver(2);
    const seat = seatOf(jobserver, 1);
    seat.leave();
    seat.leave();
    assert.equal(jobserver.free, 2);
  });

  it('tell who listens when one becomes free', () => {
    const jobserver = new Jobserver(1);
    let told = 0;
    jobserver.listen(() => {
      told += 1;
    });
    seatOf(jobserver, 1).leave();
    assert.equal(told, 1);
  });
});

describe('free tokens', () => {
  it('are offered in the fifo, and are all back when the build ends, also those that it took', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(4);
    const { seat, fd } = await opened(jobserver, yard, 1, 'a');
    assert.equal(jobserver.free, 0);
    assert.equal(readSync(fd, Buffer.alloc(2)), 2);
    seat.leave();
    assert.equal(jobserver.free, 4);
  });

  it('that lie unclaimed go to the next build, which keeps what it takes', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(3);
    const a = await opened(jobserver, yard, 2, 'a');
    const b = await opened(jobserver, yard, 1, 'b');
    await until(() => take(b.fd) === 1);
    a.seat.leave();
    assert.equal(jobserver.free, 0);
    // The token of the build that ended, and none of its own.
    await until(() => take(b.fd) === 1);
    b.seat.leave();
    assert.equal(jobserver.free, 3);
  });

  it('that lie unclaimed make room for a build of a lower rank', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(2);
    const a = await opened(jobserver, yard, 2, 'a');
    seatOf(jobserver, 1).leave();
    assert.equal(take(a.fd), 1);
    jobserver.setWaiting(1);
    assert.equal(jobserver.takeSeat(1), undefined);
    writeSync(a.fd, '+');
    await until(() => jobserver.free === 1);
    seatOf(jobserver, 1);
  });

  it('are not made by a build that writes into its fifo', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(3);
    const a = await opened(jobserver, yard, 1, 'a');
    writeSync(a.fd, '+'.repeat(65_000));
    const b = await opened(jobserver, yard, 2, 'b');
    await until(() => take(b.fd) === 1);
    assert.equal(take(b.fd), 0);
    a.seat.leave();
    b.seat.leave();
    assert.equal(jobserver.free, 3);
  });
});

describe('makes that share the tokens', { timeout: 60_000 }, () => {
  it('never run more recipes at once than there are tokens, and say nothing of a jobserver', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(4);
    const seats = [3, 2, 1].map((rank) => seatOf(jobserver, rank));
    const makes = await Promise.all(seats.map((seat, at) => yard.startMake(seat, `make-${at}`, 30)));
    await Promise.all(
      makes.map(async ({ program, log }, at) => {
        assert.equal((await program.ended).exitCode, 0);
        seats[at]?.leave();
        assert.equal(await readFile(log, 'utf8'), '');
      }),
    );
    const counts = await yard.counts();
    assert.equal(counts.length, 90);
    // More than one for each build: they really take from each other what is free.
    assert.equal(Math.max(...counts), 4);
    assert.equal(jobserver.free, 4);
  });

  it('give all back when one of them is killed', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(4);
    const seat = seatOf(jobserver, 1);
    const { program } = await yard.startMake(seat, 'killed', 400);
    await until(async () => (await yard.counts()).some((count) => count === 4));
    process.kill(program.pid ?? 0, 'SIGKILL');
    assert.equal((await program.ended).outcome, 'killed');
    seat.leave();
    assert.equal(jobserver.free, 4);
  });

  it('lose what they give back to a build of a higher rank that waits, and to no other', async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(4);
    const busy = seatOf(jobserver, 2);
    const { program } = await yard.startMake(busy, 'busy', 2000);
    await until(async () => (await yard.counts()).some((count) => count === 4));
    jobserver.setWaiting(3);
    await until(() => jobserver.takeSeat(3) !== undefined);
    jobserver.setWaiting(undefined);
    assert.equal(program.pid !== undefined && jobserver.seats, 2);
    assert.ok((await yard.counts()).length < 1000, 'it had to wait until the make was done');
    await program.stop();
    busy.leave();
    assert.equal(jobserver.free, 3);
  });

  it('by the name of the fifo do the same', { skip: knowsFifos ? false : 'needs GNU make 4.4' }, async () => {
    await using yard = await openYard();
    const jobserver = new Jobserver(3);
    const seat = seatOf(jobserver, 1);
    const { program, log } = await yard.startMake(seat, 'fifo', 30, 'fifo');
    assert.equal((await program.ended).exitCode, 0);
    seat.leave();
    assert.equal(await readFile(log, 'utf8'), '');
    assert.equal(Math.max(...(await yard.counts())), 3);
  });
});

async function opened(
  jobserver: Jobserver,
  yard: Yard,
  rank: number,
  name: string,
): Promise<{ readonly seat: Seat; readonly fd: number }> {
  const seat = seatOf(jobserver, rank);
  const fifo = join(yard.folder, name);
  await seat.openFifo(fifo);
  return { seat, fd: openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK) };
}

/** Takes one token as a make does; says how many it got. */
function take(fd: number): number {
  try {
    return readSync(fd, Buffer.alloc(1));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    throw error;
  }
}
