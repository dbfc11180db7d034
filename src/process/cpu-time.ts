import { readFileSync } from 'node:fs';

/** Clock ticks a second in /proc: USER_HZ is 100 on every architecture that Linux has (proc(5), `cutime`). */
const TICKS_PER_SECOND = 100;

let accountedMs = readChildrenCpuMs();

/**
 * CPU time of the child that was waited for just now. To be called once for each child, in its `exit` event:
 * the kernel only keeps a sum over all children, so the difference since the last call belongs to this one.
 * When two end in the same instant, the first is charged for both; the sum is always right.
 */
export function takeCpuMsOfEndedChild(): number {
  const totalMs = readChildrenCpuMs();
  const differenceMs = totalMs - accountedMs;
  accountedMs = totalMs;
  return differenceMs;
}

function readChildrenCpuMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The program's name stands in brackets and may hold spaces; field 3 comes after it (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const userTicks = Number(fields[16 - 3]);
  const systemTicks = Number(fields[17 - 3]);
  return ((userTicks + systemTicks) * 1000) / TICKS_PER_SECOND;
}
