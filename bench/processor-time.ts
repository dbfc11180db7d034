import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time of all cores since the machine started, in milliseconds. */
export type ProcessorTime = {
  readonly busyMs: number;
  /** Idle, waiting for a disk, or taken by the machine around this one. */
  readonly otherMs: number;
};

/** /proc counts in USER_HZ, 100 on every architecture (proc(5)). */
const MS_PER_TICK = 10;

/** What the machine's cores have done so far. */
export async function readProcessorTime(): Promise<ProcessorTime> {
  return parseProcessorTime(await readFile('/proc/stat', 'utf8'));
}

/** The line `cpu` of /proc/stat: user nice system idle iowait irq softirq steal; guest time is in user already. */
export function parseProcessorTime(stat: string): ProcessorTime {
  const ticks = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupt = 0, soft = 0, stolen = 0] = ticks;
  return {
    busyMs: (user + nice + system + interrupt + soft) * MS_PER_TICK,
    otherMs: (idle + wait + stolen) * MS_PER_TICK,
  };
}

/** How busy the cores were between two readings, in percent. */
export function busyPercent(from: ProcessorTime, to: ProcessorTime): number {
  const busyMs = to.busyMs - from.busyMs;
  const allMs = busyMs + to.otherMs - from.otherMs;
  return allMs === 0 ? 0 : (100 * busyMs) / allMs;
}

/** What others do on the machine, while we do nothing: percent of all cores. */
export async function measureOtherLoad(durationMs: number): Promise<number> {
  const from = await readProcessorTime();
  await sleep(durationMs);
  return busyPercent(from, await readProcessorTime());
}
