import { spawnSync } from 'node:child_process';
import { ProblemError } from '#base';

/** A command line to time. */
export type Timed = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

/** Wall time of a short program in milliseconds, with as little of our own around it as there can be. */
export function timeProgram({ argv, cwd, env }: Timed): number {
  const [program = '', ...words] = argv;
  const startedAtMs = performance.now();
  const result = spawnSync(program, words, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  const wallMs = performance.now() - startedAtMs;
  if (result.error !== undefined) throw result.error;
  if (result.status === 0) return wallMs;
  const details = `${result.stdout}${result.stderr}`.trimEnd().split('\n').slice(-20);
  throw new ProblemError({
    kind: 'phase-failed',
    subject: argv.join(' '),
    message: `${argv.join(' ')} ended with ${result.status ?? result.signal}`,
    details,
  });
}
