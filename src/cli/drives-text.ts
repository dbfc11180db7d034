import { alignColumns, formatDriveSize, type JudgedDrive, nameOfMaker, summarizeContents } from '#drive';
import type { Ink } from '#report';

const HEADING = ['NAME', 'DRIVE', 'SIZE', 'SERIAL', 'BUS', 'WHAT IS ON IT'];

/** The drives that may be written, then the others with the reasons; what is no drive at all with `verbose` only. */
export function drivesText(
  judged: readonly JudgedDrive[],
  { ink, verbose }: { readonly ink: Ink; readonly verbose: boolean },
): readonly string[] {
  const writable = judged.filter(({ refusals }) => refusals.length === 0);
  const refused = judged.filter(({ refusals }) => refusals.length > 0);
  const shown = verbose ? refused : refused.filter((one) => !isBesideThePoint(one));
  const more = refused.length - shown.length;
  return [
    ...writableLines(writable, ink),
    ...(shown.length === 0 ? [] : ['', 'May not be written:']),
    ...refusedLines(shown, { ink, verbose }),
    ...(more === 0 ? [] : ['', ink.dim(`${more} more that are no drives: blazeneuro drives -v`)]),
  ];
}

function writableLines(writable: readonly JudgedDrive[], ink: Ink): readonly string[] {
  if (writable.length === 0) {
    return ['There is no drive that may be written. Plug in a USB stick or a memory card, and ask again.'];
  }
  const [heading = '', ...lines] = alignColumns([HEADING, ...writable.map(rowOf)]);
  return ['May be written:', `  ${ink.dim(heading)}`, ...lines.map((line) => `  ${ink.good(line)}`)];
}

function refusedLines(
  refused: readonly JudgedDrive[],
  { ink, verbose }: { readonly ink: Ink; readonly verbose: boolean },
): readonly string[] {
  const [heading = '', ...lines] = alignColumns([HEADING, ...refused.map(rowOf)]);
  return refused.flatMap(({ refusals }, at) => [
    ...(at === 0 ? [`  ${ink.dim(heading)}`] : []),
    `  ${lines[at] ?? ''}`,
    ...refusals.flatMap(({ message, hint }) => [
      `    ${ink.warn('-')} ${message}`,
      ...(verbose ? [ink.dim(`      ${hint}`)] : []),
    ]),
  ]);
}

function rowOf({ drive }: JudgedDrive): readonly string[] {
  return [
    drive.name,
    nameOfMaker(drive),
    drive.sizeBytes === 0 ? '-' : formatDriveSize(drive.sizeBytes),
    drive.serial ?? '-',
    drive.bus,
    summarizeContents(drive),
  ];
}

/** Memory, layers, and the loop devices that the system itself mounts, of which some have dozens. */
function isBesideThePoint({ drive, refusals }: JudgedDrive): boolean {
  if (refusals.some(({ kind }) => kind === 'virtual')) return true;
  return drive.bus === 'loop' && refusals.some(({ kind }) => kind === 'mounted' || kind === 'system-disk');
}
