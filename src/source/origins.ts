import type { HostPath } from '#base';
import type { Origin, Pin } from '#recipe';
import type { Answer } from './answer.ts';
import { openApt } from './apt-programs.ts';
import { openAptOrigin } from './fetch-apt.ts';
import { fetchFile } from './fetch-file.ts';
import { fetchFromMirrors } from './fetch-mirror.ts';
import type { FetchOptions } from './fetch-sources.ts';
import { fetchUrl, openWeb } from './fetch-url.ts';
import { startReachability } from './reachability.ts';
import { type Candidate, signatureCandidates } from './signature-candidates.ts';

/** Asks the origin of a pin for its bytes, and writes them into a file. */
export type Ask = (pin: Pin, file: HostPath) => Promise<Answer>;

/** The origins of a run. */
export type Origins = {
  readonly ask: Ask;
  /** What an origin gives as the signature of a pin's bytes, after it gave these. */
  readonly signatures: (place: Origin, pin: Pin) => AsyncIterable<Candidate>;
};

/** The origins of a run; what one download learns about them, the next one knows. */
export function openOrigins(options: FetchOptions): Origins {
  const web = openWeb({
    reachability: startReachability(),
    allowsLoopbackHttp: options.allowsLoopbackHttp ?? false,
    signal: options.signal,
  });
  const state = options.aptStateFolder;
  const apt = openAptOrigin(state, openApt(state, options.environment ?? process.env, options.signal));
  const ask: Ask = (pin, file) => {
    const { origin } = pin;
    switch (origin.kind) {
      case 'mirror':
        return fetchFromMirrors(origin, pin, options.mirrors, file, web);
      case 'https':
        return fetchUrl(origin.url, pin, file, web);
      case 'apt':
        return apt.fetch(origin, pin, file);
      case 'file':
        return fetchFile(origin.path, pin, file);
    }
  };
  const { mirrors } = options;
  return { ask, signatures: (place, pin) => signatureCandidates(place, pin, { web, apt, mirrors }) };
}
