import { fail, ok, type Result } from '#base';
import type { Staged, UnpinnedSources } from '#source';
import { type EditCommand, type EditSession, openSources } from './edit-session.ts';
import { fetchToPin } from './fetch-to-pin.ts';
import { judgePins, type LineChange, type Outcome, type PinVerdict } from './judge-pins.ts';
import { writeLine } from './open-reporter.ts';
import { checkOverlay, editedList, type PinList, readPinList, writePinList } from './pin-list.ts';
import { readPinRequest } from './pin-request.ts';
import { findWishes, type Wish } from './pin-wishes.ts';
import { lockStore } from './store-lock.ts';

/** `pin NAME [VERSION] [URL]`: fetches what a line is to name, and writes it down with digest and size. */
export function pinCommand(words: readonly string[]): EditCommand {
  return { edit: (session) => pin(words, session) };
}

async function pin(words: readonly string[], session: EditSession): Promise<Result<number>> {
  const request = readPinRequest(words);
  if (!request.ok) return request;
  const { name } = request.value;
  const overlay = await checkOverlay(session);
  if (!overlay.ok) return overlay;
  const locked = await lockStore(session);
  if (!locked.ok) return locked;
  await using _lock = locked.value;
  const list = await readPinList(session, name);
  if (!list.ok) return list;
  await using sources = await openSources(session);

  const alternatives = await findWishes(request.value, list.value, sources);
  if (!alternatives.ok) return alternatives;
  const outcomes = await fetchFirst(alternatives.value, session, sources);
  if (session.signal.aborted) return fail(stopped(name));
  const { present } = list.value;
  const verdict = judgePins(outcomes, { present, hasConsent: session.flags.yes, command: ['pin', ...words] });
  if (!verdict.ok) return verdict;
  const edited = editedList(list.value, name, verdict.value.edits);
  if (!edited.ok) return edited;

  tell(verdict.value, list.value, session);
  const { path } = list.value;
  if (verdict.value.edits.length === 0) {
    writeLine(`${path} stays as it is: nothing changed`);
  } else if (session.flags.dryRun) {
    writeLine(`${path} would be written; nothing was, because of --dry-run`);
  } else {
    for (const { got } of outcomes) if (got.ok) await sources.keep(got.value);
    await writePinList(list.value, edited.value);
    writeLine(`Written: ${path}`);
  }
  return ok(0);
}

type FetchedWish = Outcome & { readonly got: Result<Staged> };

/** The first alternative whose named origin gives something; the last one when none does. */
async function fetchFirst(
  alternatives: readonly (readonly Wish[])[],
  session: EditSession,
  sources: UnpinnedSources,
): Promise<readonly FetchedWish[]> {
  let outcomes: readonly FetchedWish[] = [];
  for (const wishes of alternatives) {
    outcomes = await fetchWishes(wishes, session, sources);
    if (session.signal.aborted || !outcomes.some(hasFailed)) break;
  }
  return outcomes;
}

/** One after another: each may be large, and alternatives are few. Without what was named the others do not matter. */
async function fetchWishes(
  wishes: readonly Wish[],
  session: EditSession,
  sources: UnpinnedSources,
): Promise<readonly FetchedWish[]> {
  const outcomes: FetchedWish[] = [];
  for (const wish of wishes) {
    const outcome = { wish, got: await fetchWish(wish, session, sources) };
    outcomes.push(outcome);
    if (hasFailed(outcome)) break;
  }
  return outcomes;
}

function hasFailed({ wish, got }: FetchedWish): boolean {
  return wish.isNamed && !got.ok;
}

async function fetchWish(
  { name, origin }: Wish,
  session: EditSession,
  sources: UnpinnedSources,
): Promise<Result<Staged>> {
  return origin.ok ? fetchToPin(name, origin.value, { session, sources }) : origin;
}

function tell({ changes, unanswered, remarks }: PinVerdict, { path }: PinList, { flags }: EditSession): void {
  for (const line of [...unanswered, ...remarks]) writeLine(line);
  if (flags.json) {
    const event = { type: 'pinned', list: path, dryRun: flags.dryRun, changes, unanswered, remarks };
    process.stdout.write(`${JSON.stringify(event)}\n`);
    return;
  }
  for (const change of changes) for (const line of changeLines(change)) process.stdout.write(`${line}\n`);
}

/** A line before and after, as `diff` shows them. */
function changeLines({ before, after }: LineChange): string[] {
  if (before === after) return before === undefined ? [] : [`  ${before}`];
  return [...(before === undefined ? [] : [`- ${before}`]), ...(after === undefined ? [] : [`+ ${after}`])];
}

function stopped(name: string) {
  return { kind: 'interrupted', subject: name, message: `Pinning ${name} was stopped` } as const;
}
