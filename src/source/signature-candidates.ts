import { createReadStream } from 'node:fs';
import { type HostPath, isErrno } from '#base';
import type { Origin, Pin } from '#recipe';
import type { AptOrigin } from './fetch-apt.ts';
import { spread } from './fetch-mirror.ts';
import { fetchSmall } from './fetch-small.ts';
import { readSmall, type Small } from './small-file.ts';
import type { Web } from './web.ts';

/** What one host, or one file, gave as the signature. */
export type Candidate = Small & { readonly from: string };

/** What signatures are got with: the same as sources are. */
export type SignatureOrigins = {
  readonly web: Web;
  readonly apt: AptOrigin;
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
};

/** What an origin gives as the signature of a pin's bytes: one answer, or that of each host of a mirror list in turn. */
export async function* signatureCandidates(
  place: Origin,
  pin: Pin,
  { web, apt, mirrors }: SignatureOrigins,
): AsyncIterable<Candidate> {
  switch (place.kind) {
    case 'mirror':
      for (const address of spread(mirrors.get(place.list) ?? [], pin.name)) {
        const url = `${address}${place.path}`;
        yield { from: url, ...(await fetchSmall(url, web)) };
      }
      return;
    case 'https':
      yield { from: place.url, ...(await fetchSmall(place.url, web)) };
      return;
    case 'apt':
      yield { from: place.text, ...(await apt.fetchSignature(pin)) };
      return;
    case 'file':
      yield { from: place.text, ...(await readSmallFile(place.path)) };
  }
}

async function readSmallFile(path: HostPath): Promise<Small> {
  try {
    return { bytes: await readSmall(createReadStream(path)) };
  } catch (error) {
    for (const code of ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR']) {
      if (isErrno(error, code)) return { reason: `${path}: ${code}` };
    }
    throw error;
  }
}
