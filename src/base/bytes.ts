const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** What would be shown as `1024.0` belongs to the next unit. */
const ROUNDS_UP = 1023.95;

/** A size for people: `151.4 MiB`. */
export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes} B`;
  let value = sizeBytes / 1024;
  let unit = 1;
  while (value >= ROUNDS_UP && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** A time for people: `0.4 s`, `12 s`, `3 min 05 s`, `1 h 12 min`. */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1000;
  // From 9.95 on, one decimal would show `10.0 s`.
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
