import type { Required } from './acknowledged.ts';
import { ATOMIC_BYTES } from './crash-state.ts';
import * as records from './records.ts';

/** The files that were found, by their path below the place of the job. */
export type Found = ReadonlyMap<string, Buffer>;

/** What is known of the run whose records are looked for. */
export type Expected = {
  readonly seed: number;
  readonly required: Required;
  /** The last number of each pattern that we heard of at all, safe at that moment or not. */
  readonly lastHeard: Required;
};

/** Every acknowledged record that is not there as it was written, in words. */
export function judgeRecords(found: Found, expected: Expected): string[] {
  const numberOf = (pattern: records.Pattern) => expected.required.get(pattern) ?? 0;
  return [
    ...judgeAppend(found.get('append/log'), expected.seed, numberOf('append')),
    ...judgeReplace(found.get('replace/file'), expected.seed, numberOf('replace')),
    ...judgeSlots(found.get('slots/file'), expected.seed, numberOf('slots')),
    ...judgeMany(found, expected, numberOf('many')),
    ...judgeBig(found, expected.seed, numberOf('big')),
  ];
}

function judgeAppend(file: Buffer | undefined, seed: number, required: number): string[] {
  let at = 0;
  for (let number = 1; number <= required; number++) {
    const line = Buffer.from(records.appendLine(seed, number));
    const there = file?.subarray(at, at + line.length) ?? Buffer.alloc(0);
    at += line.length;
    if (there.equals(line)) continue;
    return [
      `append: record ${number} of ${required} is lost (${excerpt(there)} in ${file?.length ?? 0} bytes)`,
    ];
  }
  return [];
}

/** Its content was safe before it got its name: whatever is found under the name must be whole. */
function judgeReplace(file: Buffer | undefined, seed: number, required: number): string[] {
  if (file === undefined) return required === 0 ? [] : [`replace: record ${required} is lost: no file`];
  const number = numberIn(file, 'replace');
  if (number === undefined || !file.equals(Buffer.from(records.replaceContent(seed, number)))) {
    return [`replace: the file is not a whole record (${excerpt(file)})`];
  }
  return number >= required ? [] : [`replace: record ${required} is lost: the file holds ${number}`];
}

/** A sector holds the last record of its slot that must be there, or one that came later and was not yet safe. */
function judgeSlots(file: Buffer | undefined, seed: number, required: number): string[] {
  const faults: string[] = [];
  const sectors = records.SLOT_BYTES / ATOMIC_BYTES;
  for (let number = Math.max(1, required - records.SLOT_COUNT + 1); number <= required; number++) {
    const slotAt = (number % records.SLOT_COUNT) * records.SLOT_BYTES;
    for (let sector = 0; sector < sectors; sector++) {
      const sectorAt = slotAt + sector * ATOMIC_BYTES;
      const there = file?.subarray(sectorAt, sectorAt + ATOMIC_BYTES) ?? Buffer.alloc(0);
      const holds = numberIn(there, 'slots');
      const mayHold = holds !== undefined && holds >= number && (holds - number) % records.SLOT_COUNT === 0;
      if (mayHold && there.equals(records.slotSector(seed, holds, sector))) continue;
      faults.push(`slots: sector ${sector} of record ${number} of ${required} is lost (${excerpt(there)})`);
    }
  }
  return faults;
}

/** A record's files are removed when ten more were acknowledged; before that is heard of, all must be there. */
function judgeMany(found: Found, { seed, lastHeard }: Expected, required: number): string[] {
  const begun = (lastHeard.get('many') ?? 0) + 1;
  const faults: string[] = [];
  for (let number = 1; number <= required; number++) {
    const mayBeGone = number + records.MANY_KEPT <= begun;
    for (let file = 0; file < records.MANY_FILES; file++) {
      const there = found.get(`many/${number}-${file}`);
      if (there === undefined && mayBeGone) continue;
      if (there?.equals(Buffer.from(records.manyContent(seed, number, file)))) continue;
      const holds = there === undefined ? 'no file' : excerpt(there);
      faults.push(`many: file ${file} of record ${number} of ${required} is lost (${holds})`);
    }
  }
  return faults;
}

function judgeBig(found: Found, seed: number, required: number): string[] {
  const faults: string[] = [];
  for (let place = 0; place < records.BIG_COUNT; place++) {
    const wanted =
      required - ((((required - place) % records.BIG_COUNT) + records.BIG_COUNT) % records.BIG_COUNT);
    const file = found.get(`big/file-${place}`);
    if (file === undefined) {
      if (wanted >= 1) faults.push(`big: record ${wanted} is lost: no file`);
      continue;
    }
    const number = numberIn(file, 'big');
    if (number === undefined || !file.equals(records.bigContent(seed, number))) {
      faults.push(`big: file ${place} is not a whole record (${excerpt(file)})`);
    } else if (number < wanted) faults.push(`big: record ${wanted} is lost: the file holds ${number}`);
  }
  return faults;
}

/** The number of the record that a piece says it belongs to. */
function numberIn(piece: Buffer, pattern: records.Pattern): number | undefined {
  const number = new RegExp(`^${pattern} (\\d+) `).exec(piece.subarray(0, 40).toString('latin1'))?.[1];
  return number === undefined ? undefined : Number(number);
}

function excerpt(piece: Buffer): string {
  const text = piece.subarray(0, 24).toString('latin1');
  return `${piece.length} bytes: ${JSON.stringify(text)}`;
}
