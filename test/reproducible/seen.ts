import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, hostname, machine } from 'node:os';
import type { Surroundings } from './variation.ts';

/** What a program saw of its surroundings: a variation that never took place would prove nothing. */
export type Seen = {
  readonly uid: number;
  readonly umask: number;
  readonly hostName: string;
  readonly machine: string;
  /** Of personality(2). */
  readonly personality: number;
  readonly cores: number;
  readonly timeZone: string;
  readonly locale: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clockSeconds: number;
  /** What the image's tools took for the time. */
  readonly toolClocksSeconds: readonly number[];
  /** The kind of file system that the work was done on, as statfs(2) numbers them. */
  readonly fileSystem: number;
};

/** Looks around. */
export async function lookAround(folder: string, toolClocksSeconds: readonly number[]): Promise<Seen> {
  const { timeZone, locale } = Intl.DateTimeFormat().resolvedOptions();
  return {
    uid: process.getuid?.() ?? -1,
    umask: process.umask(),
    hostName: hostname(),
    machine: machine(),
    personality: Number.parseInt(await readFile('/proc/self/personality', 'latin1'), 16),
    cores: availableParallelism(),
    timeZone,
    locale,
    environment: process.env,
    clockSeconds: Date.now() / 1000,
    toolClocksSeconds,
    fileSystem: (await statfs(folder)).type,
  };
}

const DAY_SECONDS = 86_400;
/** linux/magic.h: TMPFS_MAGIC, FUSE_SUPER_MAGIC. */
const FILE_SYSTEMS = { memory: 0x01021994, shuffled: 0x65735546 } as const;
/** linux/personality.h. */
const ADDR_NO_RANDOMIZE = 0x0040000;

/** What was asked for and did not come about. */
export function whatFailed(surroundings: Surroundings, seen: Seen, nowSeconds: number): string[] {
  const {
    user,
    umask,
    hostName,
    oneCore,
    fixedAddresses,
    machine: name,
    env = {},
    clockDays,
    place,
  } = surroundings;
  const failed: string[] = [];
  const expect = (what: string, isSo: boolean): void => void (isSo || failed.push(what));
  if (user !== undefined) expect(`user ${user.uid}, but ${seen.uid}`, seen.uid === user.uid);
  if (umask !== undefined) expect(`umask ${umask}`, seen.umask === Number.parseInt(umask, 8));
  if (hostName !== undefined) expect(`host name ${hostName}`, seen.hostName === hostName);
  if (oneCore !== undefined) expect('one core', seen.cores === 1);
  if (fixedAddresses) expect('fixed addresses', (seen.personality & ADDR_NO_RANDOMIZE) !== 0);
  if (name !== undefined) expect(`machine ${name}`, seen.machine === name);
  for (const [name, value] of Object.entries(env)) expect(`$${name}`, seen.environment[name] === value);
  if (env['TZ'] !== undefined) expect(`time zone ${env['TZ']}`, seen.timeZone === env['TZ']);
  const language = env['LC_ALL']?.slice(0, 2);
  if (language !== undefined) expect(`locale ${seen.locale}`, seen.locale.startsWith(language));
  if (clockDays !== undefined) {
    const wanted = nowSeconds + clockDays * DAY_SECONDS;
    for (const clock of [seen.clockSeconds, ...seen.toolClocksSeconds]) {
      expect(`a clock ${clockDays} days ahead, but ${clock}`, Math.abs(clock - wanted) < DAY_SECONDS);
    }
    expect('a clock of the tools', seen.toolClocksSeconds.length > 0);
  }
  if (place === 'memory' || place === 'shuffled') {
    expect(`a file system ${place}`, seen.fileSystem === FILE_SYSTEMS[place]);
  }
  return failed;
}
