import type { Action } from '#plan';
import { SANDBOX_PATHS } from '#recipe';

/**
 * The script that runs an action's phases, one subshell each. What the phases say goes to descriptor 3 (the log);
 * stdout carries one line per phase that begins, so that the program knows where a build is and where it failed.
 */
export function phasesScript(phases: Action['phases']): string {
  const bodies = phases.map(
    ({ name, script }) => `begin ${name}
(
exec 4>&-
cd ${SANDBOX_PATHS.source}
${script}
)
`,
  );
  return `${HEADER}${bodies.join('')}begin done\ntimes >&4\n`;
}

/** LFS chapter04/settingenvironment: +h makes the shell see newly installed tools at once. */
const HEADER = `set -eu -o pipefail
set +h
umask 022
exec 4>&1 >&3 2>&1 3>&-
begin() {
  printf '%s %s\\n' "$EPOCHREALTIME" "$1" >&4
  printf '\\n==> %s\\n' "$1"
}
`;

/** CPU time of everything that ran, in milliseconds, from a line of bash's `times`: `1m2.345s 0m6.789s`. */
export function readTimesLine(line: string): number | undefined {
  const match = /^(\d+)m(\d+\.\d+)s (\d+)m(\d+\.\d+)s$/.exec(line);
  if (match === null) return undefined;
  const [minutes = 0, seconds = 0, systemMinutes = 0, systemSeconds = 0] = match.slice(1).map(Number);
  return Math.round(((minutes + systemMinutes) * 60 + seconds + systemSeconds) * 1000);
}

/** When each phase began, from what the script said on stdout; times in milliseconds. */
export function readPhaseLine(line: string): { readonly phase: string; readonly atMs: number } | undefined {
  const match = /^(\d+\.\d+) (\w+)$/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { phase: match[2], atMs: Number(match[1]) * 1000 };
}
