import { formatBytes } from '#base';
import type { Drive } from './drive.ts';
import type { Format } from './format.ts';
import type { PartitionContents } from './read-contents.ts';

/** A size as it is printed on drives, in powers of ten: `31.9 GB`. */
export function formatDriveSize(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = sizeBytes;
  let unit = 0;
  // What would be shown as 1000.0 belongs to the next unit.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return unit === 0 ? `${value} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** Vendor and model, without the vendor's name twice; empty when it tells neither. */
export function nameOfMaker({ vendor, model }: Pick<Drive, 'vendor' | 'model'>): string {
  // Bridges from SATA to USB call every vendor so.
  const maker = vendor === 'ATA' || (vendor !== undefined && model?.startsWith(vendor)) ? undefined : vendor;
  return [maker, model].filter((word) => word !== undefined).join(' ');
}

/** What is on a drive, in one line. */
export function summarizeContents({ contents }: Drive): string {
  if (contents === undefined) return '';
  if ('errorCode' in contents) return `cannot be read (${contents.errorCode})`;
  const whole = contents.whole.map(nameFormat);
  const parts = contents.partitions.map(({ name, formats }) => [name, ...formats.map(nameFormat)].join(' '));
  if (whole.length + parts.length === 0)
    return contents.table === undefined ? 'nothing known' : 'no partitions';
  return [...whole, ...parts].join(', ');
}

/** What will be lost when a drive is written, line by line, for the person who has to say yes. */
export function describeLoss(drive: Drive): readonly string[] {
  const { path, bus, sizeBytes, serial, twins } = drive;
  const maker = nameOfMaker(drive);
  const size = `${formatDriveSize(sizeBytes)} (${formatBytes(sizeBytes)})`;
  const also = twins.length === 0 ? '' : `, which ${twins.join(' and ')} has as well`;
  return [
    `Everything on ${path} will be lost:`,
    `  drive   ${[maker === '' ? 'of an unknown maker' : maker, size, bus].join(', ')}`,
    `  serial  ${serial === undefined ? 'none' : `${serial}${also}`}`,
    ...linesOfContents(drive),
  ];
}

function linesOfContents({ contents, name }: Drive): readonly string[] {
  if (contents === undefined) return [];
  if ('errorCode' in contents) return [`  what is on it cannot be read (${contents.errorCode})`];
  const rows = [
    ...contents.whole.map((format) => [name, '', describeFormat(format)]),
    ...contents.partitions.map((partition) => [
      partition.name,
      formatBytes(partition.sizeBytes),
      describePartition(partition),
    ]),
  ];
  if (rows.length === 0)
    return ['  on it   nothing that we know: it may be empty, or hold data without a file system'];
  return alignColumns(rows).map((line, at) => `${at === 0 ? '  on it   ' : '          '}${line}`);
}

function describePartition({ title, formats }: PartitionContents): string {
  const found = formats.map(describeFormat).join(', ');
  const named = title === undefined ? '' : ` (partition “${title}”)`;
  return `${found === '' ? 'no file system that we know' : found}${named}`;
}

function describeFormat(format: Format): string {
  const { usedBytes = -1 } = format;
  const used = usedBytes < 0 ? '' : `, ${formatBytes(usedBytes)} in use`;
  return `${nameFormat(format)}${used}`;
}

function nameFormat({ kind, label }: Format): string {
  return label === undefined ? kind : `${kind} “${label}”`;
}

/** Rows of text, with every column but the last as wide as its widest cell. */
export function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => `${cell}${' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length))}`)
      .join('  ')
      .trimEnd(),
  );
}

/** What has to be typed to confirm a drive: its serial, or its name when the serial does not tell it from others. */
export function wordToType({ serial, twins, name }: Drive): string {
  return twins.length === 0 && serial !== undefined ? serial : name;
}
