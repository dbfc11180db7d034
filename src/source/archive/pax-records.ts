const [BLANK, LINE_FEED, EQUALS] = [0x20, 0x0a, 0x3d];

/**
 * The records of an extended header, the last of each name: `LENGTH NAME=VALUE` and a line feed each, where the length
 * is that of the record (POSIX.1-2024, pax extended header). Undefined when they are not that.
 */
export function readPaxRecords(bytes: Buffer): ReadonlyMap<string, Buffer> | undefined {
  const records = new Map<string, Buffer>();
  let start = 0;
  while (start < bytes.length) {
    const blank = bytes.indexOf(BLANK, start);
    const length = /^\d{1,9}$/.exec(bytes.toString('latin1', start, blank))?.[0];
    const end = start + Number(length);
    // Without a length there is no end, and nothing is equal to it.
    if (length === undefined || end > bytes.length || bytes[end - 1] !== LINE_FEED) return undefined;
    const equals = bytes.indexOf(EQUALS, blank);
    if (equals <= blank + 1 || equals >= end) return undefined;
    records.set(bytes.toString('latin1', blank + 1, equals), bytes.subarray(equals + 1, end - 1));
    start = end;
  }
  return records;
}
