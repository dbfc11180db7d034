import { type Digest, fail, ok, type Problem, type Result } from '#base';
import { type PinEdit, type PinWords, pinText } from '#config';
import { quoteArgv } from '#process';
import type { PresentLine } from './pin-list.ts';
import type { Wish } from './pin-wishes.ts';

/** What came of a wish: the bytes as measured, or why there are none. */
export type Outcome = {
  readonly wish: Wish;
  readonly got: Result<{ readonly digest: Digest; readonly sizeBytes: number }>;
};

/** A line before and after, for people; one of both may not be there. */
export type LineChange = { readonly before?: string | undefined; readonly after?: string | undefined };

/** What is to be done with the list. */
export type PinVerdict = {
  readonly edits: readonly PinEdit[];
  readonly changes: readonly LineChange[];
  /** Lines that stay, or go, because their origin did not answer, with the reason. */
  readonly unanswered: readonly string[];
  /** What a person should know, and nothing is done about. */
  readonly remarks: readonly string[];
};

/** What is decided about, besides the outcomes. */
export type JudgedFor = {
  /** The lines of the name as they stand now. */
  readonly present: readonly PresentLine[];
  readonly hasConsent: boolean;
  /** The words of the command, to be given again with consent. */
  readonly command: readonly string[];
};

/** Decides what becomes of each line. What would lose or change something that was relied on takes consent. */
export function judgePins(
  outcomes: readonly Outcome[],
  { present, hasConsent, command }: JudgedFor,
): Result<PinVerdict> {
  const consent = `blazeneuro ${quoteArgv([...command, '--yes'])}`;
  const problem = nothingGot(outcomes) ?? (hasConsent ? undefined : needsConsent(outcomes, consent));
  if (problem !== undefined) return fail(problem);
  const judged = outcomes.map(judgeOne);
  const isChanged = judged.some(({ change }) => change.before !== change.after);
  return ok({
    edits: isChanged ? [...carriedOver(present, outcomes), ...judged.flatMap(({ edit }) => edit ?? [])] : [],
    changes: judged.map(({ change }) => change),
    unanswered: outcomes.flatMap(({ got }) => (got.ok ? [] : [got.problem.message])),
    remarks: outcomes.flatMap((outcome) => otherBytes(outcome, present) ?? []),
  });
}

/** One more origin may have bytes of its own, as Debian's copies do; by a slip it may be another file altogether. */
function otherBytes({ wish, got }: Outcome, present: readonly PresentLine[]): string | undefined {
  const others = present.filter((line) => line !== wish.present && line.version === wish.version);
  if (!got.ok || !wish.origin.ok || wish.present !== undefined || others.length === 0) return undefined;
  if (others.some(({ digest }) => digest === got.value.digest)) return undefined;
  return `${wish.origin.value.text} has other bytes than the other origins of ${wish.name} ${wish.version}`;
}

/**
 * Lines of the project's list that an overlay has to say again: once it says anything of a name, nothing of the
 * project's counts.
 */
function carriedOver(present: readonly PresentLine[], outcomes: readonly Outcome[]): PinEdit[] {
  const judged = outcomes.filter((outcome) => outcome.got.ok || isStale(outcome));
  const others = present.filter((line) => !judged.some(({ wish }) => wish.present === line));
  return others.flatMap(({ line, digest, origin, ...rest }) =>
    line === undefined && digest !== undefined
      ? [{ kind: 'add', words: { ...rest, digest, origin: origin.text } } as const]
      : [],
  );
}

function nothingGot(outcomes: readonly Outcome[]): Problem | undefined {
  const named = outcomes.find(({ wish }) => wish.isNamed);
  const asked = named === undefined ? outcomes : [named];
  const failures = asked.flatMap(({ got }) => (got.ok ? [] : [got.problem]));
  const [first] = failures;
  if (first === undefined || failures.length < asked.length) return undefined;
  if (failures.length === 1) return first;
  const name = outcomes[0]?.wish.name ?? '';
  return {
    kind: 'source-unavailable',
    subject: name,
    message: `No origin of ${name} has version ${outcomes[0]?.wish.version}, or could be reached`,
    details: failures.map(({ message }) => message),
    hint: `Name one that has it: blazeneuro pin ${name} VERSION URL`,
  };
}

function needsConsent(outcomes: readonly Outcome[], consent: string): Problem | undefined {
  const replaced = outcomes.find(isReplaced);
  if (replaced?.got.ok) {
    const { name, version, present } = replaced.wish;
    return {
      kind: 'digest-mismatch',
      subject: name,
      message: `The bytes of ${name} ${version} are not the pinned ones: ${present?.origin.text} gave sha256:${replaced.got.value.digest} instead of sha256:${present?.digest}`,
      hint: `If upstream replaced the file, check its signature, then run: ${consent}`,
    };
  }
  const stale = outcomes.filter(isStale);
  const [first] = stale;
  if (first === undefined) return undefined;
  const { name, version } = first.wish;
  return {
    kind: 'refused',
    subject: name,
    message: `${stale.length} of ${outcomes.length} origins of ${name} did not give version ${version}: their lines would go`,
    details: stale.flatMap(({ got }) => (got.ok ? [] : [got.problem.message])),
    hint: `Leave them out: ${consent}`,
  };
}

/** The same version, and other bytes. */
function isReplaced({ wish, got }: Outcome): boolean {
  const { present, version } = wish;
  if (!got.ok || present?.digest === undefined || present.version !== version) return false;
  return present.digest !== got.value.digest;
}

/** A line that would be of another version than the others of its name. */
function isStale({ wish, got }: Outcome): boolean {
  return !got.ok && wish.present !== undefined && wish.present.version !== wish.version;
}

type Judged = { readonly edit?: PinEdit | undefined; readonly change: LineChange };

function judgeOne(outcome: Outcome): Judged {
  const { wish, got } = outcome;
  const before = wish.present === undefined ? undefined : textOf(wish.present);
  if (!got.ok || !wish.origin.ok) {
    const line = wish.present?.line;
    if (!isStale(outcome)) return { change: { before, after: before } };
    return { change: { before }, ...(line === undefined ? {} : { edit: { kind: 'drop', line } }) };
  }
  const words: PinWords = {
    name: wish.name,
    version: wish.version,
    origin: wish.origin.value.text,
    digest: got.value.digest,
    sizeBytes: got.value.sizeBytes,
  };
  return { edit: editOf(wish, words, before), change: { before, after: pinText(words) } };
}

function editOf({ present }: Wish, words: PinWords, before: string | undefined): PinEdit | undefined {
  const line = present?.line;
  if (line === undefined) return { kind: 'add', words };
  return before === pinText(words) ? undefined : { kind: 'replace', line, words };
}

function textOf({ name, version, origin, digest, sizeBytes }: PresentLine): string {
  const words = [name, version, origin.text];
  return (digest === undefined ? words : [...words, `sha256:${digest}`, `${sizeBytes ?? '-'}`]).join(' ');
}
