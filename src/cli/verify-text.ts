import { type HostPath, plainText } from '#base';
import type { Finding } from '#drive';
import type { Ink } from '#report';

/** What a whole comparison came to. */
export type VerifySummary = {
  readonly differ: number;
  readonly expected: number;
  /** How many findings were expected for which reason; none where each of them was shown. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly manifest: HostPath;
};

/** A finding that nobody expected: one line, and one for each way in which it differs. */
export function unexpectedText(finding: Finding, ink: Ink): readonly string[] {
  const { kind, build } = finding;
  const origin = build === undefined ? '' : ink.dim(` (from ${build})`);
  return [`${ink.bad(kind)} ${nameOf(finding)}${origin}`, ...aspectLines(finding)];
}

/** A finding that was expected, with the reason. */
export function expectedText(finding: Finding, ink: Ink): readonly string[] {
  const { kind, expectedBecause } = finding;
  return [`${ink.dim(`${kind} as expected`)} ${nameOf(finding)}${ink.dim(`: ${expectedBecause}`)}`];
}

/** The end: what was expected, by reason, and the verdict. */
export function verdictText(
  { differ, expected, reasons, manifest }: VerifySummary,
  ink: Ink,
): readonly string[] {
  const byCount = [...reasons].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const heading = `${expected} changed as expected${reasons.size > 0 ? ' (-v names each)' : ''}`;
  const verdict =
    differ === 0 ? ink.good('Everything else is as it was built') : ink.bad(`${things(differ)} not as built`);
  return [
    ...(expected === 0 ? [] : [`${heading}${reasons.size > 0 ? ':' : ''}`]),
    ...byCount.map(([reason, times]) => `  ${String(times).padStart(6)}  ${reason}`),
    expected === 0 && differ === 0 ? ink.good('Everything is as it was built') : verdict,
    ink.dim(`Compared with ${manifest}`),
  ];
}

function things(count: number): string {
  return count === 1 ? '1 thing is' : `${count} things are`;
}

/** A path of the root stands for itself. Names on a stick are anybody's to give: no letter of them moves a cursor. */
function nameOf({ place, path }: Finding): string {
  const name = plainText(path);
  if (place === 'disk') return name;
  if (place === 'esp') return `ESP ${name}`;
  return path.startsWith('/') ? name : `root ${name}`;
}

function aspectLines({ aspects }: Finding): string[] {
  return aspects.map(({ name, words }) => `  ${name === 'presence' ? '' : `${name}: `}${plainText(words)}`);
}
