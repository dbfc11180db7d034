import type { ResultFile, Sample } from './result.ts';
import type { BenchContext } from './row.ts';
import { formatRatio, formatSpread, medianOf, type Spread, spreadOf } from './statistics.ts';
import { markdownTable } from './table.ts';

/** Somebody who takes part: one measurement gives its figures. */
export type Contestant = { readonly arm: string; readonly measure: () => Promise<Record<string, number>> };

/** Lets everybody run in turns, so that what changes on the machine meanwhile meets them all. */
export async function holdContest(
  contestants: readonly Contestant[],
  runs: number,
  { options, signal, put, say }: BenchContext,
): Promise<void> {
  const wanted = contestants.filter(({ arm }) => options.only.length === 0 || options.only.includes(arm));
  for (let run = 1; run <= runs; run += 1) {
    for (const { arm, measure } of wanted) {
      if (signal.aborted) return;
      const figures = await measure();
      const sample: Sample = { arm, run: String(run), complete: true, figures: roundAll(figures) };
      await put(`${arm} ${run}`, sample);
      say(`run ${run} of ${runs}: ${arm}: ${JSON.stringify(sample.figures)}`);
    }
  }
}

/** Hundredths are more than any of these figures is worth. */
function roundAll(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Math.round(value * 100) / 100]),
  );
}

/** All values of a figure of a contestant. */
export function figuresOf(results: readonly ResultFile[], arm: string, figure: string): number[] {
  const samples = results.flatMap((result) => result.samples).filter((sample) => sample.arm === arm);
  return samples.flatMap(({ figures }) => figures[figure] ?? []);
}

/** Median and spread of a figure of a contestant. */
export function spreadOfArm(results: readonly ResultFile[], arm: string, figure: string): Spread | undefined {
  return spreadOf(figuresOf(results, arm, figure));
}

/** How a contestant and its figures are shown. */
export type Shown = { readonly arm: string; readonly title: string };
export type Column = {
  readonly title: string;
  readonly figure: string;
  readonly format: (value: number) => string;
};

/** A line for each contestant that was measured, and what each took by what the first of them did. */
export function contestTable(
  results: readonly ResultFile[],
  shown: readonly Shown[],
  columns: readonly Column[],
): string {
  const here = shown.filter(({ arm }) =>
    results.some(({ samples }) => samples.some((one) => one.arm === arm)),
  );
  const [main] = columns;
  const [first] = here;
  if (main === undefined || first === undefined) return '';
  const reference = medianOf(figuresOf(results, first.arm, main.figure));
  const rows = here.map(({ arm, title }) => [
    title,
    String(figuresOf(results, arm, main.figure).length),
    ...columns.map(({ figure, format }) => formatSpread(spreadOfArm(results, arm, figure), format)),
    formatRatio(medianOf(figuresOf(results, arm, main.figure)), reference),
  ]);
  return markdownTable(['', 'runs', ...columns.map(({ title }) => title), `to ${first.title}`], rows);
}
