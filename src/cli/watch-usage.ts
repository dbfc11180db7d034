import { readdirSync, readFileSync } from 'node:fs';
import { isErrno } from '#base';
import type { Emit } from '#event';
import { eventClock } from './event-clock.ts';

/** What a process and all below it have used by now. */
export type Used = { readonly cpuMs: number; readonly memoryBytes: number };

/** Often enough for a person who looks on, seldom enough for a log of hours. */
const PERIOD_MS = 5000;

/** USER_HZ is 100 on every architecture that Linux has (proc(5)). */
const MS_PER_TICK = 10;

/** Pages of x86_64 and of arm64 as Debian and Ubuntu build it. */
const PAGE_BYTES = 4096;

/** Tells every few seconds what this run uses, until it is closed. */
export function watchUsage(emit: Emit): Disposable {
  let before = { ...usedBelow(process.pid), atMs: eventClock() };
  const timer = setInterval(() => {
    const now = { ...usedBelow(process.pid), atMs: eventClock() };
    emit({ type: 'usage', coresBusy: coresBusy(before, now), memoryBytes: now.memoryBytes });
    before = now;
  }, PERIOD_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** CPU time by wall time between two looks, to a hundredth. */
export function coresBusy(
  before: { readonly cpuMs: number; readonly atMs: number },
  now: { readonly cpuMs: number; readonly atMs: number },
): number {
  const wallMs = Math.max(now.atMs - before.atMs, 1);
  // A child that nobody waited for takes its time with it when it ends.
  return Math.max(0, Math.round((100 * (now.cpuMs - before.cpuMs)) / wallMs) / 100);
}

/**
 * What a process, all that descend from it, and all of these that were waited for, used. Memory that is shared counts
 * for each.
 */
export function usedBelow(root: number): Used {
  const children = new Map<number, Stat[]>();
  let top: Stat | undefined;
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    if (stat === undefined) continue;
    if (stat.pid === root) top = stat;
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat]);
  }
  let [cpuTicks, pages] = [0, 0];
  for (const queue = top === undefined ? [] : [top]; queue.length > 0; ) {
    const one = queue.pop();
    if (one === undefined) break;
    cpuTicks += one.cpuTicks;
    pages += one.pages;
    queue.push(...(children.get(one.pid) ?? []));
  }
  return { cpuMs: cpuTicks * MS_PER_TICK, memoryBytes: pages * PAGE_BYTES };
}

type Stat = {
  readonly pid: number;
  readonly parent: number;
  readonly cpuTicks: number;
  readonly pages: number;
};

function readStat(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    // It ended since its name was read.
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ESRCH')) return undefined;
    throw error;
  }
  // The program's name stands in brackets and may hold spaces; field 3 comes after it (proc(5)).
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  // utime, stime, and both of children that were waited for.
  const cpuTicks = field(14) + field(15) + field(16) + field(17);
  return { pid, parent: field(4), cpuTicks, pages: field(24) };
}
