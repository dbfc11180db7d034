/**
 * Asks a guest's shell when its kernel ran the first program. The stamps of the kernel's log are of another clock than
 * /proc/uptime, so a line with the one is put into the other.
 */
export const CLOCKS =
  'read -r uptime _ < /proc/uptime; echo "bench: uptime $uptime" > /dev/kmsg; dmesg | grep -E "bench: uptime|Run /.* as init process"';

/** Milliseconds of /proc/uptime at which the kernel ran the first program: init, or that of an initrd. */
export function firstProgramMs(log: string): number {
  const [, ranAt] = /\[ *([\d.]+)\] Run \/\S+ as init process/.exec(log) ?? [];
  const [, stamp, uptime] = /\[ *([\d.]+)\] bench: uptime ([\d.]+)/.exec(log) ?? [];
  if (ranAt === undefined || stamp === undefined || uptime === undefined) {
    throw new Error(`The kernel's log does not say when it ran its first program: ${log}`);
  }
  return 1000 * (Number(ranAt) + Number(uptime) - Number(stamp));
}
