import { type Digest, fail, ok, type Problem, parseDigest, type Result } from '#base';
import type { Pin } from '#recipe';
import { type ListLine, listLines } from './list-lines.ts';
import { ORIGIN_FORMS, parseOrigin } from './origin.ts';

const NAME = /^[a-z0-9][a-z0-9+._-]*$/;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9+._~-]*$/;
const FORM = 'name version origin sha256:DIGEST bytes';
/** name version origin: how lists were written before there were digests. */
const OLD_FORM_WORDS = 3;

/** A line of packages.list; it has no digest when it is of the old form. */
export type PinLine = Omit<Pin, 'digest'> & { readonly digest: Digest | undefined };

/** Reads a packages.list. `place` is the file's path: it goes into problems, and `file:` origins lie beside it. */
export function readPins(text: string, place: string): Result<readonly Pin[]> {
  const pins: Pin[] = [];
  const problems: Problem[] = [];
  for (const line of listLines(text)) {
    const pin = readPin(line, place);
    const problem = pin.ok ? conflict(pin.value, pins, place) : pin.problem;
    if (problem !== undefined) problems.push(problem);
    else if (pin.ok) pins.push(pin.value);
  }
  const [first, ...others] = problems;
  if (first === undefined) return ok(pins);
  if (others.length === 0) return fail(first);
  return fail({ ...first, details: others.map((other) => `${other.place}: ${other.message}`) });
}

/**
 * The lines of one name in a packages.list, for who is about to write them anew: one of the old form, without a
 * digest, is a line as well. What is wrong with the lines of other names does not matter.
 */
export function readPinLines(text: string, name: string, place: string): Result<readonly PinLine[]> {
  const lines: PinLine[] = [];
  for (const line of listLines(text)) {
    if (line.words[0] !== name) continue;
    // Any digest will do to have the rest of the line read.
    const isOld = line.words.length === OLD_FORM_WORDS;
    const words = isOld ? [...line.words, `sha256:${'0'.repeat(64)}`, '-'] : line.words;
    const pin = readPin({ ...line, words }, place);
    if (!pin.ok) return pin;
    lines.push(isOld ? { ...pin.value, digest: undefined } : pin.value);
  }
  return ok(lines);
}

/** The pins of one name, as the whole list would give them. Lines of the old form have their own command to mend them. */
export function readPinsOf(text: string, name: string, place: string): Result<readonly Pin[]> {
  const lines = text.split('\n').map((line) => {
    const [{ words } = { words: [] }] = listLines(line);
    return words[0] === name && words.length !== OLD_FORM_WORDS ? line : '';
  });
  return readPins(lines.join('\n'), place);
}

/** Whether this can be the name of a source, and of a recipe. */
export function isPinName(text: string): boolean {
  return NAME.test(text);
}

/** Whether this can be the version of a source. */
export function isPinVersion(text: string): boolean {
  return VERSION.test(text);
}

/** The pins of a list with those of an overlay above it: a name in the overlay takes the place of all its lines. */
export function overlayPins(below: readonly Pin[], above: readonly Pin[]): readonly Pin[] {
  const replaced = new Set(above.map((pin) => pin.name));
  return [...below.filter((pin) => !replaced.has(pin.name)), ...above];
}

/** The pins of each name, in the order of the list. */
export function pinsByName(pins: readonly Pin[]): ReadonlyMap<string, readonly Pin[]> {
  return Map.groupBy(pins, (pin) => pin.name);
}

function readPin({ line, words }: ListLine, place: string): Result<Pin> {
  const [name = '', version = '', originText = '', digestText = '', size = ''] = words;
  const bad = (message: string, hint?: string): Result<never> =>
    fail(badPin(name, message, `${place}:${line}`, hint));

  if (words.length === OLD_FORM_WORDS) {
    return bad(
      `The pin of ${name} has no digest: expected ${FORM}`,
      `Fetch it once and write its digest down: blazeneuro pin ${name} ${version} ${originText}`,
    );
  }
  if (words.length !== 5) return bad(`Expected ${FORM}, found ${words.length} words`);
  if (!NAME.test(name)) return bad(`Not a name: ${name}; expected lower-case letters, digits and + . _ -`);
  if (!VERSION.test(version)) return bad(`Not a version: ${version}; expected letters, digits and + . _ ~ -`);

  const origin = parseOrigin(originText, place);
  if (origin === undefined) return bad(`Not an origin: ${originText}; expected ${ORIGIN_FORMS}`);
  const digest = digestText.startsWith('sha256:') ? parseDigest(digestText) : undefined;
  if (digest === undefined) {
    return bad(`Not a digest: ${digestText}; expected sha256: and 64 hexadecimal digits in lower case`);
  }
  if (size !== '-' && !isSize(size)) return bad(`Not a size: ${size}; expected a number of bytes, or -`);
  return ok({ name, version, origin, digest, sizeBytes: size === '-' ? undefined : Number(size), line });
}

function isSize(text: string): boolean {
  return /^[1-9][0-9]*$/.test(text) && Number.isSafeInteger(Number(text));
}

/** What one pin may not have in common with those of its name above it. */
function conflict(pin: Pin, earlier: readonly Pin[], place: string): Problem | undefined {
  const same = earlier.filter((other) => other.name === pin.name);
  const at = `${place}:${pin.line}`;
  const otherVersion = same.find((other) => other.version !== pin.version);
  if (otherVersion !== undefined) {
    const message = `${pin.name} is pinned to ${pin.version} here and to ${otherVersion.version} in line ${otherVersion.line}`;
    return badPin(pin.name, `${message}; expected one version of a name`, at);
  }
  const twin = same.find((other) => other.origin.text === pin.origin.text);
  if (twin !== undefined) {
    return badPin(pin.name, `The origin of line ${twin.line} again; expected each origin once`, at);
  }
  const otherSize = same.find(
    (other) =>
      other.digest === pin.digest && other.sizeBytes !== pin.sizeBytes && other.sizeBytes && pin.sizeBytes,
  );
  if (otherSize !== undefined) {
    return badPin(
      pin.name,
      `Another size than in line ${otherSize.line}; expected the same for one digest`,
      at,
    );
  }
  return undefined;
}

function badPin(name: string, message: string, place: string, hint?: string): Problem {
  return { kind: 'bad-pin', subject: name, message, place, ...(hint === undefined ? {} : { hint }) };
}
