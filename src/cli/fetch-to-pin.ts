import { fail, formatBytes, type Problem, type Result } from '#base';
import type { Origin } from '#recipe';
import type { Staged, UnpinnedSources } from '#source';
import type { EditSession } from './edit-session.ts';

/** Fetches what a pin is to name, and tells of it. It lies beside the store until somebody keeps it. */
export async function fetchToPin(
  name: string,
  origin: Origin,
  { session, sources }: { readonly session: EditSession; readonly sources: UnpinnedSources },
): Promise<Result<Staged>> {
  const { emit, flags, signal } = session;
  const { text, kind } = origin;
  if (flags.offline && kind !== 'file') {
    const message = `${text}: not asked, because of --offline`;
    return fail({ kind: 'source-unavailable', subject: name, message });
  }
  const startedAtMs = performance.now();
  const step = `fetch ${text}`;
  emit({ type: 'step-started', step });
  const got = await sources.fetch(name, origin);
  const detail = got.ok ? formatBytes(got.value.sizeBytes) : reasonOf(got.problem, text);
  emit({ type: 'step-finished', step, durationMs: Math.round(performance.now() - startedAtMs), detail });
  if (!got.ok || signal.aborted) return got.ok ? fail(stopped(name)) : got;
  // Who demands a signature of upstream's does so here: until this gives the bytes back, nobody keeps them, and
  // nothing is written down or parsed.
  return got;
}

/** The problem names the origin, and so does the step. */
function reasonOf({ message }: Problem, origin: string): string {
  return message.startsWith(`${origin}: `) ? message.slice(origin.length + 2) : message;
}

function stopped(name: string): Problem {
  return { kind: 'interrupted', subject: name, message: `Fetching ${name} was stopped` };
}
