/** What the job writes is what the judge expects, and the judge can fail: the job itself runs here, on the host. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Found, judgeRecords } from './judge-records.ts';
import { PATTERNS, slotSector } from './records.ts';

const SEED = 7;
const COUNT = 13;

let folder = '';
let found: Map<string, Buffer>;
let lines: string[];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blazeneuro-job-'));
  const [place, heard] = [join(folder, 'place'), join(folder, 'heard')];
  const job = join(import.meta.dirname, 'job.sh');
  execFileSync('bash', ['-c', `bash "$0" ${SEED} "$1" ${COUNT} 3>"$2"`, job, place, heard]);
  found = new Map();
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(relative(place, path), await readFile(path));
  }
  lines = (await readFile(heard, 'utf8')).trim().split('\n');
});
after(() => rm(folder, { recursive: true }));

const all = new Map(PATTERNS.map((pattern) => [pattern as string, COUNT]));
const judge = (files: Found, required: ReadonlyMap<string, number> = all) =>
  judgeRecords(files, { seed: SEED, required, lastHeard: all });

/** The files, with one of them changed; without content it is gone. */
function changed(path: string, change: (content: Buffer) => Buffer | undefined): Found {
  const content = found.get(path);
  assert.ok(content !== undefined, `${path} is not there`);
  const result = change(Buffer.from(content));
  const others = [...found].filter(([name]) => name !== path);
  return new Map(result === undefined ? others : [...others, [path, result]]);
}

describe('the job', () => {
  test('acknowledges every record of every pattern, in order', () => {
    for (const pattern of PATTERNS) {
      const numbers = lines
        .filter((line) => line.startsWith(`${pattern} `))
        .map((line) => line.split(' ')[1]);
      assert.deepEqual(
        numbers,
        Array.from({ length: COUNT }, (_, index) => String(index + 1)),
        pattern,
      );
    }
    assert.equal(lines.length, PATTERNS.length * COUNT);
  });

  test('writes what the judge expects', () => assert.deepEqual(judge(found), []));
});

describe('the judge', () => {
  test('asks for nothing where nothing was acknowledged', () =>
    assert.deepEqual(judge(new Map(), new Map()), []));

  test('misses all of it on an empty drive', () => {
    const faults = judge(new Map());
    for (const pattern of PATTERNS)
      assert.ok(
        faults.some((fault) => fault.startsWith(`${pattern}:`)),
        pattern,
      );
  });

  test('misses a line at the end, or in the middle', () => {
    assert.match(
      judge(changed('append/log', (log) => log.subarray(0, -1)))[0] ?? '',
      /record 13 of 13 is lost/,
    );
    const flipped = (log: Buffer) => {
      log.writeUInt8(0, 1000);
      return log;
    };
    assert.match(judge(changed('append/log', flipped))[0] ?? '', /append: record 4 of 13 is lost/);
    // What was not yet acknowledged may be torn.
    assert.deepEqual(
      judge(
        changed('append/log', (log) => log.subarray(0, -1)),
        new Map([['append', 12]]),
      ),
      [],
    );
  });

  test('misses a file that was put in the place of another, and finds it torn', () => {
    assert.match(judge(changed('replace/file', () => undefined))[0] ?? '', /record 13 is lost: no file/);
    assert.match(
      judge(changed('replace/file', (file) => file.subarray(0, -1)))[0] ?? '',
      /not a whole record/,
    );
    assert.match(judge(found, new Map([['replace', 14]]))[0] ?? '', /record 14 is lost: the file holds 13/);
    const torn = changed('replace/file', () => Buffer.alloc(0));
    assert.match(judge(torn, new Map())[0] ?? '', /not a whole record/);
  });

  test('misses a sector that was overwritten in place, and lets a later one be half there', () => {
    const put = (number: number, slot: number) => (file: Buffer) => {
      slotSector(SEED, number, 3).copy(file, slot * 4096 + 3 * 512);
      return file;
    };
    assert.match(judge(changed('slots/file', put(12, 13)))[0] ?? '', /sector 3 of record 13 of 13 is lost/);
    assert.deepEqual(judge(changed('slots/file', put(13 + 64, 13))), []);
    const old = (file: Buffer) => file.fill(0, 13 * 4096, 13 * 4096 + 512);
    assert.match(judge(changed('slots/file', old))[0] ?? '', /sector 0 of record 13/);
  });

  test('misses a small file, unless a later record may have removed it', () => {
    assert.match(
      judge(changed('many/5-2', () => undefined))[0] ?? '',
      /file 2 of record 5 of 13 is lost \(no file\)/,
    );
    assert.match(
      judge(changed('many/5-2', () => Buffer.from('many 5')))[0] ?? '',
      /file 2 of record 5 of 13/,
    );
    assert.equal(found.has('many/3-0'), false);
    assert.deepEqual(judge(changed('many/4-0', () => undefined)), []);
  });

  test('misses a big file, or its end', () => {
    assert.match(judge(changed('big/file-1', () => undefined))[0] ?? '', /big: record 13 is lost: no file/);
    assert.match(
      judge(changed('big/file-0', (file) => file.fill(0, 500_000, 500_512)))[0] ?? '',
      /not a whole record/,
    );
    assert.match(judge(found, new Map([['big', 14]]))[0] ?? '', /record 14 is lost: the file holds 11/);
  });
});
