/** After so many hosts that could not be reached, and none that could, there is no internet here. */
const HOSTS_BEFORE_GIVING_UP = 3;

/**
 * What a run has learned about hosts and kinds of origins, so that a machine without internet, but with apt,
 * does not wait for every host of every source.
 */
export type Reachability = {
  /** Why this host is not to be asked; undefined when it may be. */
  reasonToSkip(host: string): string | undefined;
  /** Whether it is being asked and has never answered: who can, asks another one meanwhile. */
  isOnTrial(host: string): boolean;
  /** Somebody asks it now. */
  asked(host: string): void;
  answered(host: string): void;
  failed(host: string, reason: string): void;
  /** Aborted when there is no internet: who still waits for a host need not. */
  readonly givenUp: AbortSignal;
};

/** A run that knows nothing yet. */
export function startReachability(): Reachability {
  const failures = new Map<string, string>();
  const onTrial = new Set<string>();
  const answers = new Set<string>();
  const giveUp = new AbortController();
  const isHopeless = (): boolean => answers.size === 0 && failures.size >= HOSTS_BEFORE_GIVING_UP;
  return {
    reasonToSkip: (host) => {
      if (isHopeless()) return 'skipped: no host could be reached';
      const reason = failures.get(host);
      if (reason !== undefined) return `skipped: ${host} failed before (${reason})`;
      return undefined;
    },
    isOnTrial: (host) => onTrial.has(host),
    asked: (host) => {
      if (!answers.has(host)) onTrial.add(host);
    },
    answered: (host) => {
      onTrial.delete(host);
      answers.add(host);
    },
    failed: (host, reason) => {
      onTrial.delete(host);
      failures.set(host, reason);
      if (isHopeless()) giveUp.abort(new DOMException('No host could be reached', 'AbortError'));
    },
    givenUp: giveUp.signal,
  };
}
