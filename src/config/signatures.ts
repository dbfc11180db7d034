import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '#base';
import { type PinnedSignature, SIGNATURE_EXCEPTIONS, type SignatureException } from '#recipe';
import { type ListLine, listLines } from './list-lines.ts';
import { parseOrigin } from './origin.ts';

/** The signature of each signed source, by its name. */
export type PinnedSignatures = ReadonlyMap<string, PinnedSignature>;

const FORM = 'name signature file|tar keyring FINGERPRINT[,…] [exception[,…]]';
const SUFFIX = /^\.[a-z]+$/;
const KEYRING = /^[a-z0-9][a-z0-9+._-]*$/;
// Of version 4 keys (SHA-1) and of version 6 keys (SHA-256): RFC 9580 §5.5.4.
const FINGERPRINT = /^(?:[0-9A-F]{40}|[0-9A-F]{64})$/;

/** Reads a signatures.list. `place` is the file's path: it goes into problems, and the folder keys/ lies beside it. */
export function readSignatures(text: string, place: string): Result<PinnedSignatures> {
  const signatures = new Map<string, PinnedSignature>();
  for (const line of listLines(text)) {
    const read = readSignature(line, place);
    if (!read.ok) return read;
    const { name } = read.value;
    const earlier = signatures.get(name);
    if (earlier !== undefined) {
      const message = `${name} again, after ${earlier.place}; expected one line a name`;
      return bad(name, message, read.value.place);
    }
    signatures.set(name, read.value);
  }
  return ok(signatures);
}

/** The signatures of a list with those of an overlay above it: a name in the overlay takes the place of its line. */
export function overlaySignatures(below: PinnedSignatures, above: PinnedSignatures): PinnedSignatures {
  return new Map([...below, ...above]);
}

/** The first signature of a source that nobody pinned: with a slip in its name it would vouch for nothing. */
export function strayingSignature(
  signatures: PinnedSignatures,
  pins: ReadonlyMap<string, unknown>,
): Result<PinnedSignatures> {
  for (const { name, place } of signatures.values()) {
    if (!pins.has(name)) return bad(name, `There is no source ${name} in packages.list`, place);
  }
  return ok(signatures);
}

function readSignature({ line, words }: ListLine, file: string): Result<PinnedSignature> {
  const [name = '', locationText = '', covers = '', keyring = '', fingerprintText = '', exceptionText] =
    words;
  const place = `${file}:${line}`;
  if (words.length !== 5 && words.length !== 6) {
    return bad(name, `Expected ${FORM}, found ${words.length} words`, place);
  }
  const location = SUFFIX.test(locationText) ? locationText : parseOrigin(locationText, file);
  if (location === undefined || (typeof location !== 'string' && location.kind === 'apt')) {
    const expected = 'an ending like .sig, or an origin mirror://, https:// or file:';
    return bad(name, `Not a place of a signature: ${locationText}; expected ${expected}`, place);
  }
  if (covers !== 'file' && covers !== 'tar') {
    return bad(name, `Not what a signature covers: ${covers}; expected file or tar`, place);
  }
  if (!KEYRING.test(keyring)) {
    return bad(name, `Not a keyring: ${keyring}; expected the name of a file keys/NAME.asc`, place);
  }
  const fingerprints = fingerprintText.split(',');
  const wrong = fingerprints.find((fingerprint) => !FINGERPRINT.test(fingerprint));
  if (wrong !== undefined) {
    const expected = 'all 40 (or 64) hexadecimal digits, in capitals';
    return bad(name, `Not a fingerprint: ${wrong}; expected ${expected}`, place);
  }
  const exceptions = exceptionText?.split(',') ?? [];
  if (!exceptions.every(isException)) {
    return bad(
      name,
      `Not exceptions: ${exceptionText}; expected some of ${SIGNATURE_EXCEPTIONS.join(', ')}`,
      place,
    );
  }
  const keyringFile = join(dirname(file), 'keys', `${keyring}.asc`);
  return ok({ name, location, covers, keyring: keyringFile, fingerprints, exceptions, place });
}

function isException(word: string): word is SignatureException {
  return (SIGNATURE_EXCEPTIONS as readonly string[]).includes(word);
}

function bad(name: string, message: string, place: string): Result<never> {
  return fail({ kind: 'bad-pin', subject: name, message, place });
}
