import type { BenchOptions } from './options.ts';
import type { ResultFile, RowName, Sample } from './result.ts';
import type { Snapshot } from './snapshot.ts';

/** What a row works with while it measures. */
export type BenchContext = {
  readonly options: BenchOptions;
  /** Folder of the row: empty, or what an interrupted run left. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Tells a person what goes on. */
  say(text: string): void;
  /** Keeps a sample under a name; again under the same name replaces it. Kept at once, so that nothing is lost. */
  put(name: string, sample: Sample): Promise<void>;
  /** Keeps further facts of the result. */
  set(facts: Partial<Pick<ResultFile, 'graph' | 'options' | 'machine' | 'program'>>): void;
  /** A copy of the checkout to measure. */
  snapshot(): Promise<Snapshot>;
};

/** A row of the measures: how it is measured, and how its figures read. */
export type Row = {
  readonly name: RowName;
  /** Programs whose versions belong to the machine's facts. */
  readonly peers: readonly string[];
  measure(context: BenchContext): Promise<void>;
  /** Its tables, in Markdown, from what was measured. */
  tables(results: readonly ResultFile[]): string;
};
