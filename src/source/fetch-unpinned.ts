import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Digest, fail, type HostPath, isErrno, ok, type Result, startDigest } from '#base';
import type { Origin, Pin } from '#recipe';
import type { OriginOf } from './answer.ts';
import type { AptVersion } from './apt-versions.ts';
import type { AptOrigin } from './fetch-apt.ts';
import { spread } from './fetch-mirror.ts';
import { readAddress } from './read-address.ts';
import { describeAnswer } from './source-problem.ts';
import { MAX_UNKNOWN_SIZE_BYTES } from './verified-file.ts';
import type { Web } from './web.ts';

/** What is known of bytes once they are here: all that a pin says of them. */
export type Measured = { readonly digest: Digest; readonly sizeBytes: number };

/** What is asked for bytes that no pin vouches for yet. */
export type UnpinnedOrigins = {
  readonly web: Web;
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
  readonly apt: AptOrigin;
  /** The versions of a source package, as signed lists of the archive tell them. */
  readonly aptVersions: (source: string) => Promise<Result<readonly AptVersion[]>>;
};

/** Writes what an origin gives into a file, whatever it is, and measures it. Parses nothing. */
export async function fetchUnpinned(
  origin: Origin,
  { name, file }: { readonly name: string; readonly file: HostPath },
  origins: UnpinnedOrigins,
): Promise<Result<Measured>> {
  const none = (reason: string): Result<never> =>
    fail({ kind: 'source-unavailable', subject: name, message: `${origin.text}: ${reason}` });
  switch (origin.kind) {
    case 'mirror': {
      const hosts = spread(origins.mirrors.get(origin.list) ?? [], name);
      const reasons: string[] = [];
      for (const host of hosts) {
        const one = await download(`${host}${origin.path}`, file, origins.web);
        if ('measured' in one) return ok(one.measured);
        reasons.push(one.reason);
      }
      return none([...new Set(reasons)].join('; ') || `mirrors.list has no list ${origin.list}`);
    }
    case 'https': {
      const one = await download(origin.url, file, origins.web);
      return 'measured' in one ? ok(one.measured) : none(one.reason);
    }
    case 'apt': {
      const one = await fetchListed(origin, { name, file }, origins);
      return 'measured' in one ? ok(one.measured) : none(one.reason);
    }
    case 'file': {
      const one = await copyFile(origin.path, file);
      return 'measured' in one ? ok(one.measured) : none(one.reason);
    }
  }
}

type Fetched = { readonly measured: Measured } | { readonly reason: string };

async function download(url: string, file: HostPath, web: Web): Promise<Fetched> {
  const read = await readAddress(url, web, { takeIn: (body, signal) => writeMeasured(body, file, signal) });
  return 'reason' in read ? read : read.value;
}

/** The archive's own lists, which are signed, vouch for what comes from there. */
async function fetchListed(
  origin: OriginOf<'apt'>,
  { name, file }: { readonly name: string; readonly file: HostPath },
  { apt, aptVersions }: UnpinnedOrigins,
): Promise<Fetched> {
  const versions = await aptVersions(origin.source);
  if (!versions.ok) return { reason: versions.problem.message };
  const listed = versions.value.find((one) => one.version === origin.version && one.file === origin.file);
  if (listed === undefined) return { reason: 'the lists of the archive have no such version and file' };
  const { digest, sizeBytes } = listed;
  const pin: Pin = { name, version: listed.upstream, origin, digest, sizeBytes, line: 0 };
  const answer = await apt.fetch(origin, pin, file);
  return answer.outcome === 'verified'
    ? { measured: { digest, sizeBytes } }
    : { reason: describeAnswer(answer) };
}

async function copyFile(path: HostPath, file: HostPath): Promise<Fetched> {
  try {
    return await writeMeasured(createReadStream(path), file);
  } catch (error) {
    for (const code of ['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR']) {
      if (isErrno(error, code)) return { reason: code };
    }
    throw error;
  }
}

async function writeMeasured(
  chunks: AsyncIterable<Uint8Array>,
  file: HostPath,
  signal?: AbortSignal,
): Promise<Fetched> {
  const digest = startDigest();
  let sizeBytes = 0;
  const measure = async function* (input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of input) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > MAX_UNKNOWN_SIZE_BYTES) return;
      digest.update(chunk);
      yield chunk;
    }
  };
  await pipeline(chunks, measure, createWriteStream(file, { mode: 0o600 }), { ...(signal && { signal }) });
  if (sizeBytes > MAX_UNKNOWN_SIZE_BYTES) return { reason: `more than ${MAX_UNKNOWN_SIZE_BYTES} bytes` };
  if (sizeBytes === 0) return { reason: 'gave nothing' };
  return { measured: { digest: digest.end(), sizeBytes } };
}
