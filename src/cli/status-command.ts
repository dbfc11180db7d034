import { existsSync } from 'node:fs';
import { formatBytes, formatDuration, ok } from '#base';
import { failedFolder, verdictOf } from '#build';
import type { PlannedBuild } from '#plan';
import { STAGES } from '#recipe';
import { estimateLeftMs, roundLeftMs } from '#report';
import type { ArtifactRecord } from '#store';
import { readEstimates } from './estimates.ts';
import { knownKeys } from './known-keys.ts';
import { makePlan } from './make-plan.ts';
import { plannedWork } from './planned-work.ts';
import type { Handler } from './run-command.ts';

type Line = {
  readonly build: string;
  readonly state: 'done' | 'failed' | 'to do';
  /** CPU time of its last run, and its share of the wall time of all. */
  readonly durationMs: number;
  readonly cpuMs: number | null;
  /** Most memory that it was seen to take, in bytes, and what each phase spent; null where nobody measured. */
  readonly memoryBytes: number | null;
  readonly phases: ArtifactRecord['phases'] | null;
  /** Of the package's own tests, as its recipe has them now; null where it has none. */
  readonly tests: 'passed' | 'failed' | 'not run' | null;
  /** When they ran; null where they did not. */
  readonly testedAtMs: number | null;
};

/** `status`: every stage and build, and the time that is left as earlier runs tell it. */
export function statusCommand(): Handler {
  return async (session) => {
    const plan = await makePlan(session, ['image']);
    if (!plan.ok) return plan;
    const states = await knownKeys(plan.value, session.store);
    const estimateMs = await readEstimates(plan.value, session.store);
    const lines: Line[] = [];
    for (const [build, planned] of plan.value.builds) {
      const record = states.get(build)?.record;
      const failed = record === undefined && existsSync(await failedFolder(build, session.store));
      lines.push({
        build,
        state: record !== undefined ? 'done' : failed ? 'failed' : 'to do',
        durationMs: estimateMs(build),
        cpuMs: record?.cpuMs ?? null,
        memoryBytes: record?.peakMemoryBytes ?? null,
        phases: record?.phases ?? null,
        ...testsOf(planned, record),
      });
    }
    const leftMs = estimateLeftMs({
      work: plannedWork(plan.value, estimateMs),
      jobs: session.flags.jobs,
      finished: new Map(lines.filter(({ state }) => state === 'done').map(({ build }) => [build, 0])),
      running: new Map(),
      elapsedMs: 0,
    });
    if (session.flags.json) printJson(lines, leftMs);
    else printText(lines, leftMs);
    return ok(0);
  };
}

function testsOf(
  planned: PlannedBuild,
  record: ArtifactRecord | undefined,
): Pick<Line, 'tests' | 'testedAtMs'> {
  if (planned.check === undefined) return { tests: null, testedAtMs: null };
  const verdict = record === undefined ? undefined : verdictOf(planned, record);
  if (verdict === undefined) return { tests: 'not run', testedAtMs: null };
  return { tests: verdict.passed ? 'passed' : 'failed', testedAtMs: verdict.atMs };
}

function printJson(lines: readonly Line[], leftMs: number): void {
  for (const line of lines) process.stdout.write(`${JSON.stringify({ type: 'build-status', ...line })}\n`);
  const missing = lines.filter((line) => line.state !== 'done');
  // One after another, and as the jobs and the needs of the builds allow.
  const times = { estimateMs: sum(missing), leftMs };
  const tests = {
    passed: count(lines, 'passed'),
    failed: count(lines, 'failed'),
    notRun: count(lines, 'not run'),
  };
  const total = { type: 'status', builds: lines.length, missing: missing.length, ...times, tests };
  process.stdout.write(`${JSON.stringify(total)}\n`);
}

function printText(lines: readonly Line[], leftMs: number): void {
  const allMs = sum(lines);
  for (const stage of STAGES) {
    const ofStage = lines.filter((line) => line.build.startsWith(`${stage}/`));
    if (ofStage.length === 0) continue;
    const done = ofStage.filter((line) => line.state === 'done').length;
    process.stdout.write(
      `${stage}: ${done} of ${ofStage.length} done, ${formatDuration(sum(ofStage))} in all\n`,
    );
    for (const line of ofStage) {
      const share = `${((100 * line.durationMs) / allMs).toFixed(1)} %`;
      const cpu = line.cpuMs === null ? '' : `, CPU ${formatDuration(line.cpuMs)}`;
      const memory = line.memoryBytes === null ? '' : `, ${formatBytes(line.memoryBytes)}`;
      process.stdout.write(
        `  ${line.state.padEnd(6)} ${line.build.padEnd(26)} ${formatDuration(line.durationMs).padStart(12)} ${share.padStart(7)}${cpu}${memory}${testsText(line)}\n`,
      );
    }
  }
  printTests(lines);
  process.stdout.write(
    leftMs === 0 ? 'Nothing is left to build.\n' : `Left: about ${formatDuration(roundLeftMs(leftMs))}.\n`,
  );
}

/** Nothing of tests that have not run: the last line but one counts them. */
function testsText({ tests, testedAtMs }: Line): string {
  if (testedAtMs === null) return '';
  return `, tests ${tests} ${new Date(testedAtMs).toISOString().slice(0, 10)}`;
}

function printTests(lines: readonly Line[]): void {
  const failed = lines.filter(({ tests }) => tests === 'failed').map(({ build }) => build);
  const notRun = count(lines, 'not run');
  const parts = [
    `${count(lines, 'passed')} passed`,
    ...(failed.length === 0 ? [] : [`${failed.length} failed (${failed.join(', ')})`]),
    ...(notRun === 0 ? [] : [`${notRun} not run yet: blazeneuro build --check`]),
  ];
  if (lines.some(({ tests }) => tests !== null)) {
    process.stdout.write(`The packages' own tests: ${parts.join(', ')}\n`);
  }
}

function count(lines: readonly Line[], tests: Line['tests']): number {
  return lines.filter((line) => line.tests === tests).length;
}

function sum(lines: readonly Line[]): number {
  return lines.reduce((total, line) => total + line.durationMs, 0);
}
