import { formatBytes, formatDuration, type Problem } from '#base';
import type { Emit, Event } from '#event';
import type { Ink } from './ink.ts';
import { problemLines } from './problem-lines.ts';
import { summaryLines } from './summary-lines.ts';

/** Where lines for people go. */
export type WriteLine = (line: string) => void;

export type PlainOptions = {
  readonly ink: Ink;
  readonly quiet: boolean;
  readonly verbose: boolean;
};

/** One line per thing that happened, in order: for logs, pipes and `--no-color`. */
export function plainReporter(write: WriteLine, options: PlainOptions): Emit {
  let total = 0;
  let done = 0;
  const failures: Problem[] = [];
  return (event) => {
    if (event.type === 'run-started') total = event.builds;
    if (event.type === 'action-finished') {
      done += 1;
      if (event.outcome === 'failed' && event.problem !== undefined) failures.push(event.problem);
    }
    const count = `[${String(done).padStart(String(total).length)}/${total}]`;
    const again = event.type === 'finished' ? failureList(failures, options.ink) : [];
    for (const line of [...again, ...linesOf(event, count, options)]) write(line);
  };
}

/** With --keep-going a failure may be far above: each once more, in short. One alone has just been told. */
function failureList(failures: readonly Problem[], ink: Ink): readonly string[] {
  if (failures.length < 2) return [];
  const lines = failures.map(
    ({ message, place }) => `  ${message}${place === undefined ? '' : ` (${place})`}`,
  );
  return [`${ink.bad('failed:')} ${failures.length} builds`, ...lines];
}

function linesOf(event: Event, count: string, options: PlainOptions): readonly string[] {
  const { ink } = options;
  switch (event.type) {
    case 'action-started':
      return options.quiet ? [] : [`${ink.dim(count)} ${event.build} ${ink.dim('started')}`];
    case 'phase-started':
      return options.verbose ? [ink.dim(`    ${event.build}: ${event.phase}`)] : [];
    case 'action-finished':
      return finishedLines(event, count, options);
    case 'source-finished':
      return options.quiet || (event.outcome === 'present' && !options.verbose) ? [] : [sourceLine(event)];
    case 'origin-failed':
      return options.verbose ? [`${event.name}: ${event.origin}: ${event.reason}`] : [];
    case 'step-started':
      return options.verbose ? [ink.dim(`${event.step} …`)] : [];
    case 'step-finished':
      return options.quiet ? [] : [stepLine(event)];
    case 'store-waiting':
      return options.quiet ? [] : [waitingLine(event)];
    case 'note':
      return options.quiet && event.level === 'info'
        ? []
        : [event.level === 'warning' ? ink.warn(`warning: ${event.message}`) : event.message];
    case 'check-finished':
      return [`${event.build}: its own tests ${event.passed ? 'passed' : 'failed'} (${event.log})`];
    case 'problem':
      return problemLines(event.problem, ink);
    case 'image-finished':
      return options.quiet
        ? []
        : [
            `image ${event.image} ${event.outcome === 'built' ? 'written' : 'unchanged'}, sha256:${event.digest}`,
          ];
    case 'summary':
      return options.quiet ? [] : summaryLines(event, ink);
    case 'finished':
      return options.quiet ? [] : [finishedLine(event, ink)];
    default:
      return [];
  }
}

function finishedLines(
  event: Extract<Event, { type: 'action-finished' }>,
  count: string,
  { ink, quiet, verbose }: PlainOptions,
): readonly string[] {
  switch (event.outcome) {
    case 'built':
      return quiet
        ? []
        : [`${ink.dim(count)} ${event.build} ${ink.good('built')} in ${formatDuration(event.durationMs)}`];
    case 'reused':
      return verbose ? [`${ink.dim(count)} ${event.build} ${ink.dim('from the store')}`] : [];
    case 'failed':
      return [
        `${ink.dim(count)} ${event.build} ${ink.bad('failed')} after ${formatDuration(event.durationMs)}`,
        ...problemOf(event.problem, ink),
      ];
    case 'stopped':
      return verbose ? [`${ink.dim(count)} ${event.build} not built`] : [];
  }
}

function problemOf(problem: Problem | undefined, ink: Ink): readonly string[] {
  return problem === undefined ? [] : problemLines(problem, ink);
}

function sourceLine(event: Extract<Event, { type: 'source-finished' }>): string {
  const how =
    event.outcome === 'present'
      ? 'in the store'
      : `from ${event.origin} in ${formatDuration(event.durationMs)}`;
  const proof = event.signer === null ? 'digest' : 'digest and signature';
  return `${event.name} ${event.version} (${formatBytes(event.sizeBytes)}) ${how}; ${proof} verified`;
}

/** `Waiting for another run …: blazeneuro build (process 123, since 14:03:12 UTC)`. */
function waitingLine({ store, holder }: Extract<Event, { type: 'store-waiting' }>): string {
  const line = `Waiting for another run that uses the store ${store}`;
  if (holder === undefined) return line;
  const since = new Date(holder.sinceMs).toISOString().slice(11, 19);
  return `${line}: ${holder.command} (process ${holder.pid}, since ${since} UTC)`;
}

function stepLine(event: Extract<Event, { type: 'step-finished' }>): string {
  const detail = event.detail === undefined ? '' : `: ${event.detail}`;
  return `${event.step}${detail} (${formatDuration(event.durationMs)})`;
}

function finishedLine(event: Extract<Event, { type: 'finished' }>, ink: Ink): string {
  const verdict = event.ok ? ink.good('done') : ink.bad('failed');
  const failed = event.failed === 0 ? '' : `, ${event.failed} failed`;
  const times = `${formatDuration(event.wallMs)}, ${formatDuration(event.cpuMs)} of CPU time`;
  return `${verdict}: ${event.built} built, ${event.reused} from the store${failed}; ${times}`;
}
