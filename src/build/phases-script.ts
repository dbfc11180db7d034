import type { PlannedBuild } from '#plan';
import { PHASES, SANDBOX_PATHS, type SandboxKind } from '#recipe';

/** The name of the fifo in a build's work folder. */
export const JOBSERVER_FILE = 'jobserver';

/** One phase as the script runs it. */
export type ScriptPhase = {
  readonly name: string;
  readonly script: string;
  /** Its failure is a verdict, and ends nothing: the package's own tests. */
  readonly isVerdict?: true;
};

/** The phases of a build in order; the package's own tests among them only when they are asked for. */
export function phasesOf(planned: Pick<PlannedBuild, 'action' | 'check'>, withCheck: boolean): ScriptPhase[] {
  const phases: readonly ScriptPhase[] = planned.action.phases;
  if (!withCheck || planned.check === undefined) return [...phases];
  const before: readonly string[] = PHASES.slice(0, PHASES.indexOf('check'));
  const at = phases.findIndex(({ name }) => !before.includes(name));
  return phases.toSpliced(at, 0, { name: 'check', script: planned.check, isVerdict: true });
}

/**
 * Phases that run in one sandbox, and the name of their script in the work folder. The package's own tests have one of
 * their own: no process of them is left when what ships is installed.
 */
export type PhaseGroup = {
  readonly script: string;
  readonly phases: readonly ScriptPhase[];
  readonly isVerdict?: true;
};

/** The phases of a build by sandbox, in their order. */
export function phaseGroups(phases: readonly ScriptPhase[]): readonly PhaseGroup[] {
  const at = phases.findIndex(({ isVerdict }) => isVerdict);
  if (at === -1) return [{ script: 'phases.sh', phases }];
  const groups: readonly PhaseGroup[] = [
    { script: 'phases.sh', phases: phases.slice(0, at) },
    { script: 'check.sh', phases: phases.slice(at, at + 1), isVerdict: true },
    { script: 'install.sh', phases: phases.slice(at + 1) },
  ];
  return groups.filter((group) => group.phases.length > 0);
}

/**
 * The script that runs phases, one subshell each. What the phases say goes to descriptor 3 (the log);
 * stdout says of each phase when it begins and how much CPU time was spent until then, so that the program knows
 * where a build is and where it failed. `joining` is the sandbox's kind where make is to join the jobserver.
 */
export function phasesScript(phases: readonly ScriptPhase[], joining?: SandboxKind): string {
  const bodies = phases.map(
    (phase) => `begin ${phase.name}\n${phase.isVerdict ? verdict(phase) : body(phase)}`,
  );
  const script = `${HEADER}${joining === undefined ? '' : JOIN[joining]}${bodies.join('')}begin done\n`;
  // bash reads a script as it goes, and a phase can write to this one; a group it reads whole before it begins.
  return `{\n${script}exit 0\n}\n`;
}

function body({ script }: ScriptPhase, settings = ''): string {
  return `(
exec 4>&-
${settings}cd ${SANDBOX_PATHS.source}
${script}
)
`;
}

/** Not `if (…)`: inside a condition bash would pass over every failure of the phase but its last command. */
function verdict(phase: ScriptPhase): string {
  return `set +e\n${body(phase, 'set -e\n')}printf 'verdict %s\\n' "$?" >&4\nset -e\n`;
}

/** LFS chapter04/settingenvironment: +h makes the shell see newly installed tools at once. */
const HEADER = `set -eu -o pipefail
set +h
umask 022
exec 4>&1 >&3 2>&1 3>&-
begin() {
  printf '%s %s\\n' "$EPOCHREALTIME" "$1" >&4
  times >&4
  printf '\\n==> %s\\n' "$1"
}
`;

/** Where a build finds the fifo with the tokens that it may take. */
const FIFO = `${SANDBOX_PATHS.work}/${JOBSERVER_FILE}`;

/**
 * How make takes part in the jobserver; without its fifo (`shell`, a replay) `-j` of MAKEFLAGS counts alone.
 * In `cross` make is the host's, of which 4.3 and older know descriptors only: above 9, as configure uses the others.
 * Reading and writing are two open files, as make sets the one that it reads from to non-blocking; a fifo can be
 * opened for reading only once somebody writes. In `chroot` it is ours, which opens the fifo by its name.
 */
const JOIN: Readonly<Record<SandboxKind, string>> = {
  cross: `if [ -p ${FIFO} ]; then
  exec {both}<>${FIFO}
  exec {from}<${FIFO} {to}>${FIFO} {both}>&-
  export MAKEFLAGS="$MAKEFLAGS --jobserver-auth=$from,$to"
  unset both from to
fi
`,
  chroot: `if [ -p ${FIFO} ]; then
  export MAKEFLAGS="$MAKEFLAGS --jobserver-auth=fifo:${FIFO}"
fi
`,
};

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

/** Whether the package's own tests passed, from what the script said on stdout. */
export function readVerdictLine(line: string): boolean | undefined {
  const match = /^verdict (\d+)$/.exec(line);
  return match === null ? undefined : match[1] === '0';
}
