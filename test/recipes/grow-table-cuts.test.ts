/** grow-table under cuts of power: whatever of its writes reached the drive, the root is found, and the next run goes on. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { digestOfBytes } from '#base';
import { ALIGN_SECTORS, SECTOR_BYTES } from '#disk';
import { partitionAsLinux } from './gpt-as-linux.ts';
import { compileGrowTable, driveWith, grow, image, record, root, skip } from './grow-table-rig.ts';
import { changesOf, type Recording, type SectorWrite, withWrites } from './recorded-writes.ts';

/** Every state that a cut may leave: each sector between two flushes old, new or, when it was just written, garbage. */
function* everyCut(drive: Buffer, flushes: Recording['flushes']): Generator<Buffer> {
  let flushed = drive;
  for (const flush of flushes) {
    const changes = changesOf(flushed, flush);
    for (const chosen of changes.length > 4 ? someChoices(changes) : allChoices(changes)) {
      yield withWrites(flushed, chosen);
    }
    flushed = withWrites(flushed, flush);
  }
}

function* allChoices(changes: readonly SectorWrite[]): Generator<SectorWrite[]> {
  const [first, ...rest] = changes;
  if (first === undefined) return void (yield []);
  for (const others of allChoices(rest)) {
    yield others;
    yield [first, ...others];
    // Sector 0 has no copy: that it is written whole is all that anybody can hope for.
    if (first.sector > 0) yield [garbage(first), ...others];
  }
}

/** Where there are too many choices: every beginning, each sector alone, each one missing, and a hundred by chance. */
function* someChoices(changes: readonly SectorWrite[]): Generator<SectorWrite[]> {
  for (const [index, one] of changes.entries()) {
    yield changes.slice(0, index);
    yield [...changes.slice(0, index), garbage(one)];
    yield [one];
    yield changes.filter((other) => other !== one);
  }
  for (let run = 0; run < 100; run += 1) {
    const bits = Buffer.from(digestOfBytes(`choice ${run}`), 'hex');
    yield changes.filter((_, index) => ((bits[index >> 3] ?? 0) >> (index & 7)) % 2 === 1);
  }
}

function garbage({ sector, bytes }: SectorWrite): SectorWrite {
  return { sector, bytes: Buffer.alloc(bytes.length, `garbage ${sector}`) };
}

const oldEnd = root.startSector + root.sizeSectors - 1;

/** Cuts a run everywhere; the root must be found as it was or as it will be, and the next run must end all the same. */
function judgeCuts(drive: Buffer, depth: number): number {
  const { status, flushes, after } = record(drive);
  assert.equal(status, 0);
  const newEnd = partitionAsLinux(after, root.number)?.last;
  let cuts = 0;
  for (const cut of everyCut(drive, flushes)) {
    cuts += 1;
    const found = partitionAsLinux(cut, root.number);
    assert.equal(found?.first, root.startSector, `cut ${cuts}`);
    assert.ok(found.last === oldEnd || found.last === newEnd, `cut ${cuts}: ends at ${found.last}`);
    const next = grow(cut);
    assert.equal(next.status, 0, `cut ${cuts}`);
    assert.ok(next.after.equals(after), `cut ${cuts}: the next run ended otherwise`);
    if (depth > 1) cuts += judgeCuts(cut, depth - 1);
  }
  return cuts;
}

describe('grow-table under a cut of power', { skip }, () => {
  before(compileGrowTable);

  for (const [what, drive, depth] of [
    ['a new drive, and again in the run after it', driveWith(3 * ALIGN_SECTORS), 2],
    ['a used drive', driveWith(3 * ALIGN_SECTORS, 0xff), 1],
    ['a drive on which the two backups overlap', driveWith(16), 1],
    ['a drive that has lost its primary before it could grow', tornBeforeGrowth(), 1],
  ] as const) {
    it(`finds the root whatever of its writes is there, on ${what}`, (test) => {
      test.diagnostic(`${judgeCuts(drive, depth)} cuts`);
    });
  }
});

/** As `flash` leaves it, with the backup at the end of the drive; then the primary is torn. */
function tornBeforeGrowth(): Buffer {
  const sizeSectors = image.sizeSectors + 3 * ALIGN_SECTORS;
  const flashed = driveWith(0, 0, { ...image, sizeSectors, lastUsableSector: sizeSectors - 34 });
  return flashed.fill(0, SECTOR_BYTES, 34 * SECTOR_BYTES);
}
