import type { HostPath } from '#base';
import type { Origin, Pin } from '#recipe';
import type { Answer } from './answer.ts';
import { openApt } from './apt-programs.ts';
import { machineClock } from './clock.ts';
import { DEFAULT_LIMITS } from './download-watch.ts';
import { openAptOrigin } from './fetch-apt.ts';
import { fetchFile } from './fetch-file.ts';
import { fetchFromMirrors } from './fetch-mirror.ts';
import type { FetchOptions } from './fetch-sources.ts';
import { fetchUrl } from './fetch-url.ts';
import { fetchThroughPartial } from './fetch-web.ts';
import { dropPartial, partialPlaces } from './partial-file.ts';
import { startReachability } from './reachability.ts';
import { type Candidate, signatureCandidates } from './signature-candidates.ts';
import { openWeb } from './web.ts';

/** Asks the origin of a pin for its bytes, and writes them into a file. */
export type Ask = (pin: Pin, file: HostPath) => Promise<Answer>;

/** The origins of a run. */
export type Origins = AsyncDisposable & {
  readonly ask: Ask;
  /** What an origin gives as the signature of a pin's bytes, after it gave these. */
  readonly signatures: (place: Origin, pin: Pin) => AsyncIterable<Candidate>;
};

/** Opens the origins; what one download learns about them, the next one knows. Downloads that break off stay in a folder. */
export function openOrigins(options: FetchOptions, partialFolder: HostPath): Origins {
  const { clock = machineClock, emit, aptStateFolder: state } = options;
  const web = openWeb({
    reachability: startReachability(),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    clock,
    allowsLoopbackHttp: options.allowsLoopbackHttp ?? false,
    signal: options.signal,
  });
  const apt = openAptOrigin(state, openApt(state, options.environment ?? process.env, options.signal));
  const files = {
    places: partialPlaces(partialFolder),
    emit: options.tellsProgress === false ? undefined : emit,
    clock,
  };
  const askOrigin: Ask = (pin, file) => {
    const { origin } = pin;
    switch (origin.kind) {
      case 'mirror': {
        const addresses = options.mirrors.get(origin.list) ?? [];
        return fetchThroughPartial({ pin, file }, files, (download) =>
          fetchFromMirrors(origin, addresses, { download, web }),
        );
      }
      case 'https':
        return fetchThroughPartial({ pin, file }, files, (download) => fetchUrl(origin.url, download, web));
      case 'apt':
        return apt.fetch(origin, pin, file);
      case 'file':
        return fetchFile(origin.path, pin, file);
    }
  };
  const ask: Ask = async (pin, file) => {
    const answer = await askOrigin(pin, file);
    if (answer.outcome === 'verified') await dropPartial(pin, files.places);
    return answer;
  };
  const { mirrors } = options;
  return {
    ask,
    signatures: (place, pin) => signatureCandidates(place, pin, { web, apt, mirrors }),
    [Symbol.asyncDispose]: () => web[Symbol.asyncDispose](),
  };
}
