import { formatBytes, formatDuration } from '#base';
import { combineParts } from '../p1/combine.ts';
import { measureColdBuilds } from '../p1/measure.ts';
import { type ResultFile, readResults } from '../result.ts';
import type { BenchContext, Row } from '../row.ts';
import { formatSpread, spreadOf } from '../statistics.ts';
import { markdownTable } from '../table.ts';

/** P10: what a cold build takes of disk and memory; P1 measures it on its way, and here it runs with less memory. */
export const peaks: Row = { name: 'p10', peers: [], measure: measurePeaks, tables: peakTables };

async function measurePeaks(context: BenchContext): Promise<void> {
  if (context.options.memoryLimitBytes !== undefined) {
    context.set({ options: { memoryLimitBytes: context.options.memoryLimitBytes } });
    await measureColdBuilds(context, ['ours']);
    return;
  }
  context.say('These figures come with p1. With --memory 2G it builds under that limit.');
  process.stdout.write(`${peakTables(await readResults('p1'))}\n`);
}

function peakTables(results: readonly ResultFile[]): string {
  const rows = results.flatMap((result) => {
    const limit = result.options['memoryLimitBytes'];
    return combineParts([result]).map((build) => {
      const bytes = (name: string): string => {
        const value = build.figures[name];
        return value === undefined ? '–' : formatBytes(value);
      };
      return [
        `${build.arm}, ${build.goal}${build.complete ? '' : ' (not finished)'}`,
        typeof limit === 'number' ? formatBytes(limit) : 'none',
        formatSpread(spreadOf([build.figures['wallMs'] ?? 0]), formatDuration),
        bytes('peakDiskBytes'),
        bytes('peakProgramBytes'),
        bytes('peakMemoryBytes'),
        bytes('peakOwnBytes'),
      ];
    });
  });
  const head = [
    'build',
    'limit of memory',
    'wall time',
    'peak disk',
    'programs',
    'with the cache',
    'BlazeNeuro',
  ];
  return markdownTable(head, rows);
}
