import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '#base';
import { isDisturbed, loadOfOthersPercent, type ResultFile, type RowName, readResults } from './result.ts';
import type { Row } from './row.ts';
import { ROWS } from './rows.ts';

/** Where a row's tables stand in its text. */
const TABLES = '{{tables}}';

const HEAD = `# Performance

<!-- Made by \`npm run bench:report\` from bench/results and bench/*/page.md. Edit those. -->

What was measured, against what, and how near it came to what can be had at all. Every figure is a median of the runs that the table names, with the least and the most; peers ran in the same invocation on the same machine, one after the other in turns. The raw figures lie in [bench/results](../bench/results); each section names the command that measures it again.
`;

/** The page of all rows, from what is kept of them. */
export async function makePage(folder?: string): Promise<string> {
  const sections: string[] = [];
  for (const row of ROWS) sections.push(await sectionOf(row, await readResults(row.name, folder)));
  return [HEAD, ...sections].join('\n');
}

/** Undisturbed results of the same thing count alone where there are any. */
export function resultsThatCount(results: readonly ResultFile[]): readonly ResultFile[] {
  const goals = Map.groupBy(results, ({ samples }) =>
    JSON.stringify(samples.map(({ targets, again }) => [targets, again])[0] ?? []),
  );
  const counted = [...goals.values()].flatMap((ofGoal) => {
    const quiet = ofGoal.filter((result) => !isDisturbed(result));
    return quiet.length > 0 ? quiet : ofGoal;
  });
  return results.filter((result) => counted.includes(result));
}

async function sectionOf(row: Row, results: readonly ResultFile[]): Promise<string> {
  const text = await readFile(join(import.meta.dirname, row.name, 'page.md'), 'utf8');
  const counted = resultsThatCount(results);
  const [newest] = counted.slice(-1);
  if (newest === undefined) return text.replace(TABLES, 'Not measured yet.\n');
  return text.replace(TABLES, `${circumstances(row.name, newest, counted)}\n${row.tables(counted)}`);
}

function circumstances(
  row: RowName,
  { machine, program }: ResultFile,
  results: readonly ResultFile[],
): string {
  const tools = Object.entries(machine.tools).map(([name, version]) => `${name} ${version}`);
  const days = [...new Set(results.map(({ startedAt }) => startedAt.slice(0, 10)))];
  const revisions = [
    ...new Set(
      results.map((result) => result.program.revision + (result.program.isEdited ? ' (edited)' : '')),
    ),
  ];
  const disturbed = results.filter(isDisturbed).map(loadOfOthersPercent);
  const lines = [
    `Measured by \`npm run bench -- ${row}\` on ${days.join(', ')}: version ${program.version}, commit ${revisions.join(', ')};`,
    `${machine.cores} cores (${machine.processor}), ${formatBytes(machine.memoryBytes)} of memory, Linux ${machine.kernel}; ${tools.join(', ')}.`,
  ];
  if (disturbed.length > 0) {
    lines.push(
      `**Disturbed**: others kept ${disturbed.join(', ')} % of the machine busy, before it began or meanwhile.`,
    );
  }
  return `${lines.join('\n')}\n`;
}
