/** After so many hosts that could not be reached, and none that could, there is no internet here. */
const HOSTS_BEFORE_GIVING_UP = 3;

/**
 * What a run has learned about hosts and kinds of origins, so that a machine without internet, but with apt,
 * does not wait for every host of every source.
 */
export type Reachability = {
  /** Why this host is not to be asked; undefined when it may be. */
  reasonToSkip(host: string): string | undefined;
  answered(host: string): void;
  failed(host: string, reason: string): void;
};

/** A run that knows nothing yet. */
export function startReachability(): Reachability {
  const failures = new Map<string, string>();
  let hasAnswer = false;
  return {
    reasonToSkip: (host) => {
      if (!hasAnswer && failures.size >= HOSTS_BEFORE_GIVING_UP) return 'skipped: no host could be reached';
      const reason = failures.get(host);
      if (reason !== undefined) return `skipped: ${host} failed before (${reason})`;
      return undefined;
    },
    answered: () => {
      hasAnswer = true;
    },
    failed: (host, reason) => {
      failures.set(host, reason);
    },
  };
}
