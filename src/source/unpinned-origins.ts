import { openApt } from './apt-programs.ts';
import { findAptVersions } from './apt-versions.ts';
import { machineClock } from './clock.ts';
import { DEFAULT_LIMITS } from './download-watch.ts';
import { openAptOrigin, rememberedLists } from './fetch-apt.ts';
import type { UnpinnedOrigins } from './fetch-unpinned.ts';
import type { UnpinnedOptions } from './open-unpinned.ts';
import { startReachability } from './reachability.ts';
import { openWeb } from './web.ts';

export { fetchUnpinned } from './fetch-unpinned.ts';
export { findNewerVersions } from './newer-versions.ts';

/** The origins of a run for what is not pinned yet; each list of versions is asked for once. */
export function openUnpinnedOrigins(options: UnpinnedOptions): UnpinnedOrigins {
  const state = options.aptStateFolder;
  const apt = openApt(state, options.environment ?? process.env, options.signal);
  const lists = rememberedLists(state, apt);
  const asked = new Map<string, ReturnType<typeof findAptVersions>>();
  return {
    web: openWeb({
      reachability: startReachability(),
      limits: DEFAULT_LIMITS,
      clock: machineClock,
      allowsLoopbackHttp: options.allowsLoopbackHttp ?? false,
      signal: options.signal,
    }),
    mirrors: options.mirrors,
    apt: openAptOrigin(state, apt),
    aptVersions: (source) => {
      const answer = asked.get(source) ?? findAptVersions(source, lists, apt);
      asked.set(source, answer);
      return answer;
    },
  };
}
