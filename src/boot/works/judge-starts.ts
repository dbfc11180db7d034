import { failed, type Judgement, passed } from '../check.ts';
import type { GuestAnswer } from '../guest-shell.ts';
import type { Start } from './unusual-starts.ts';

/** SIGRTMAX of Linux on x86-64: signal(7). */
const LAST_SIGNAL = 64;

type Attempt = {
  readonly path: string;
  readonly words: string;
  readonly status: string;
  readonly said: string;
};

/** Judges what `guest/starts.sh` tried: every program must have started by one of its attempts. */
export function judgeStarts(
  { output, exitCode }: GuestAnswer,
  unusual: Readonly<Record<string, Start>>,
): Judgement {
  const attempts = readAttempts(output);
  const count = /^looked at\t(\d+)$/m.exec(output)?.[1];
  if (exitCode !== 0 || count === undefined) return failed(`ended with ${exitCode}: ${output.slice(-500)}`);
  if (attempts.size === 0) return failed('there is no program at all');
  if (attempts.size !== Number(count)) return failed(`${attempts.size} of ${count} programs are told of`);
  const faults = [...attempts].flatMap(([path, tried]) => faultOf(path, tried, startOf(path, unusual)));
  return faults.length === 0 ? passed(`${count} programs`) : failed(faults.join('; '));
}

function startOf(path: string, unusual: Readonly<Record<string, Start>>): Start | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return Object.hasOwn(unusual, name) ? unusual[name] : undefined;
}

function readAttempts(output: string): ReadonlyMap<string, readonly Attempt[]> {
  const attempts = output.split('\n').flatMap((line) => {
    const [kind, path = '', words = '', status = '', ...said] = line.split('\t');
    return kind === 'start' ? [{ path, words, status, said: said.join('\t') }] : [];
  });
  return Map.groupBy(attempts, ({ path }) => path);
}

function faultOf(path: string, tried: readonly Attempt[], start: Start | undefined): readonly string[] {
  if (tried.some((attempt) => isGood(attempt, start))) return [];
  const hint = start === undefined ? '; if that is how it is, say so in unusual-starts.ts' : '';
  return [`${path}: ${tried.map(describe).join(', ')}${hint}`];
}

function isGood({ status, said }: Attempt, start: Start | undefined): boolean {
  const good = [start?.status ?? 0].flat().map(String);
  return good.includes(status) && (start?.says ?? /^/).test(said);
}

function describe({ words, status, said }: Attempt): string {
  return `${words === '' ? 'by itself' : words}: ${endOf(status)}${said === '' ? '' : ` (${said})`}`;
}

/** What an exit status means: POSIX, Shell Command Language, 2.8.2. Signal 9 comes from the script's own watch. */
function endOf(status: string): string {
  const number = Number(status);
  if (number === 128 + 9) return 'did not end, or was killed';
  if (number === 126 || number === 127) return `does not start, ${status}`;
  if (number > 128 && number <= 128 + LAST_SIGNAL) return `ended by signal ${number - 128}`;
  return `ended with ${status}`;
}
