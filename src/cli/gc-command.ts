import { fail, formatBytes, ok, type Result } from '#base';
import { type Collected, collectGarbage, type Garbage } from '#store';
import { neededByPlans } from './needed-by-plans.ts';
import { parseSize } from './parse-size.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';
import { sourceNames } from './source-names.ts';
import { lockStore } from './store-lock.ts';

/** `gc [--max-size N]`: removes from the store what no plan needs; `--dry-run` only says what would go. */
export function gcCommand(maxSize: string | undefined): Handler {
  return async (session) => {
    const maxBytes = maxSize === undefined ? ok(undefined) : parseSize(maxSize);
    if (!maxBytes.ok) return maxBytes;
    // Whoever builds has the store to itself, and so have we: nothing is taken from under a build.
    const locked = await lockStore(session);
    if (!locked.ok) return locked;
    await using _lock = locked.value;
    const needed = await neededByPlans(session);
    if (!needed.ok) return needed;
    // Known before the records that tell of it are removed.
    const names = await sourceNames(session);
    const collected = await collectGarbage(session.storeRoot, {
      needed: needed.value,
      maxBytes: maxBytes.value,
      dryRun: session.flags.dryRun,
      nowMs: Date.now(),
      onRemoved: (garbage) => tellRemoved(session, garbage, names.get(garbage.name)),
      signal: session.signal,
    });
    tellForced(session, collected, maxBytes.value);
    tellCollected(session, collected, maxBytes.value);
    return session.signal.aborted ? stopped(session) : ok(0);
  };
}

function tellRemoved({ flags }: Session, garbage: Garbage, archive: string | undefined): void {
  const { kind, name, builds, sizeBytes, usedAtMs, reason } = garbage;
  if (flags.json) {
    const event = { type: 'collected', kind, name, archive, builds, sizeBytes, reason, dryRun: flags.dryRun };
    process.stdout.write(`${JSON.stringify(event)}\n`);
    return;
  }
  // A record takes next to nothing, and its build may well be kept under another key.
  if (flags.quiet || (kind === 'record' && !flags.verbose)) return;
  const known = archive ?? builds.join(', ');
  const what = known === '' ? name : `${known} (${name.slice(0, 12)})`;
  const used = usedAtMs === 0 ? '' : `, last used ${new Date(usedAtMs).toISOString().slice(0, 10)}`;
  const why =
    reason === 'unused' ? '' : `; ${reason === 'forced' ? 'needed, but the limit says so' : 'for the limit'}`;
  process.stdout.write(`${kind} ${what}: ${formatBytes(sizeBytes)}${used}${why}\n`);
}

/** What was needed is built or fetched again when it is asked for: that is to be said, and no failure. */
function tellForced({ emit, flags }: Session, { forced, storeBytes }: Collected, maxBytes = 0): void {
  const verb = flags.dryRun ? 'would be' : 'were';
  if (forced > 0) {
    const message = `${forced} entries that plans or last finished builds need ${verb} removed for the limit; the next build makes them again`;
    emit({ type: 'note', level: 'warning', message });
  }
  if (maxBytes > 0 && storeBytes > maxBytes) {
    const message = `The store takes ${formatBytes(storeBytes)}, more than ${formatBytes(maxBytes)}: nothing more can be removed`;
    emit({ type: 'note', level: 'warning', message });
  }
}

function tellCollected({ flags }: Session, collected: Collected, maxBytes: number | undefined): void {
  const { removed, freedBytes, storeBytes } = collected;
  if (flags.json) {
    const event = { type: 'gc-finished', ...collected, maxBytes: maxBytes ?? null, dryRun: flags.dryRun };
    process.stdout.write(`${JSON.stringify(event)}\n`);
    return;
  }
  const verb = flags.dryRun ? 'Would remove' : 'Removed';
  const left = `the store ${flags.dryRun ? 'would take' : 'takes'} ${formatBytes(storeBytes)}`;
  process.stdout.write(`${verb} ${removed} entries, ${formatBytes(freedBytes)}; ${left}\n`);
}

function stopped({ storeRoot: subject }: Session): Result<never> {
  return fail({
    kind: 'interrupted',
    subject,
    message: 'Stopped before all was removed that could be',
    hint: 'The store is sound. Run the same command again to go on',
  });
}
