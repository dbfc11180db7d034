import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ArchiveEntry } from './archive-entry.ts';
import { type ArchiveLimits, judgeArchive } from './judge-archive.ts';
import { describeRefusal, isRefusalLine, shown } from './refusal.ts';
import { readHeader, writeHeader } from './tar-header.ts';
import { END_OF_ARCHIVE, writeEntry } from './write-entry.ts';

const LIMITS: ArchiveLimits = { bytes: 2 ** 36, entries: 1_000_000, pathBytes: 3072, depth: 100 };

const EMPTY: ArchiveEntry = { kind: 'file', path: 'x', mode: 0o644, sizeBytes: 0, target: '' };

/** What becomes of an archive that comes by `pieceBytes` at a time: what was written, and why it was refused. */
function judge(bytes: Buffer, pieceBytes = 1 << 16): { readonly written: Buffer; readonly refusal: string } {
  const written: Buffer[] = [];
  let at = 0;
  const read = (into: Buffer) => {
    const count = bytes.subarray(at, at + pieceBytes).copy(into);
    at += count;
    return count;
  };
  const refusal = judgeArchive(read, (piece) => void written.push(Buffer.from(piece)), LIMITS);
  return {
    written: Buffer.concat(written),
    refusal: refusal === undefined ? '' : describeRefusal('a', refusal),
  };
}

describe('the judge of archives', () => {
  it('writes what it has written once more as it is, however it comes', () => {
    const entries: ArchiveEntry[] = [
      { ...EMPTY, kind: 'folder', path: 'f'.repeat(200), mode: 0o755 },
      { ...EMPTY, kind: 'hard-link', path: 'hard', target: 'x' },
      { ...EMPTY, kind: 'link', path: 'link', target: 'é'.repeat(100), mode: 0o777 },
    ];
    const archive = Buffer.concat([...[EMPTY, ...entries].map(writeEntry), END_OF_ARCHIVE]);
    for (const pieceBytes of [1, 511, 1 << 16]) {
      assert.deepEqual(judge(archive, pieceBytes), { written: archive, refusal: '' });
    }
  });

  it('reads and writes sizes that do not fit into octal digits', () => {
    for (const sizeBytes of [0, 8 ** 11 - 1, 8 ** 11, 2 ** 52]) {
      const header = { type: '0', name: Buffer.from('x'), target: Buffer.alloc(0), mode: 0o644, sizeBytes };
      assert.deepEqual(readHeader(writeHeader(header)), header);
    }
  });

  it('gives up on links that would take for ever to follow', () => {
    const long = '/.'.repeat(2000);
    const links = Array.from({ length: 400 }, (_, at): ArchiveEntry => {
      return { ...EMPTY, kind: 'link', path: `l${at}`, target: `l${(at + 1) % 400}${long}` };
    });
    const archive = Buffer.concat([...links.map(writeEntry), END_OF_ARCHIVE]);
    assert.match(judge(archive).refusal, /^The archive a is refused: "l\d+" is one of too many links/);
  });

  it('hands on nothing of an entry that it refuses', () => {
    const evil = writeEntry({ ...EMPTY, path: '../x' });
    const { written, refusal } = judge(Buffer.concat([writeEntry(EMPTY), evil, END_OF_ARCHIVE]));
    assert.deepEqual(written, writeEntry(EMPTY));
    assert.equal(refusal, 'The archive a is refused: "../x" has ".." in its name');
  });
});

describe('a refusal', () => {
  it('shows names on one line, whatever they are', () => {
    assert.equal(shown('a\n\u001b[2J\u202e"\u00e9'), '"a\\x0a\\x1b[2J\\u{202e}\\x22\u00e9"');
    assert.equal(shown(Buffer.from([0x61, 0xff])), '"a\\xff"');
    assert.equal(shown('x'.repeat(300)).length, 203);
  });

  it('is known in a log by its line', () => {
    assert.ok(isRefusalLine(describeRefusal('a-1.tar', { isRefused: true, why: 'is empty' })));
    assert.ok(!isRefusalLine('tar: a-1.tar: The archive is refused'));
  });
});
