import { canonicalJson, ok } from '#base';
import { findBuild } from './one-build.ts';
import type { Handler } from './run-command.ts';

/** `why BUILD`: what decides its key, and what is another since its newest artifact. */
export function whyCommand(name: string): Handler {
  return async (session) => {
    const one = await findBuild(session, name);
    if (!one.ok) return one;
    const { planned, state } = one.value;
    const last = await session.store.lastRecord(name);
    const now = flatten({ action: planned.action });
    const before = flatten(last === undefined ? {} : { action: (last.inputs as { action: unknown }).action });
    const changed = [...new Set([...now.keys(), ...before.keys()])].filter(
      (path) => now.get(path) !== before.get(path),
    );
    const needs = needsChanged(last?.inputs, planned.needs);
    const report = {
      type: 'why',
      build: name,
      key: state.key ?? null,
      present: state.record !== undefined,
      changed:
        last === undefined
          ? null
          : changed.map((path) => ({ path, before: before.get(path) ?? null, now: now.get(path) ?? null })),
      needsAdded: needs.added,
      needsRemoved: needs.removed,
    };
    process.stdout.write(session.flags.json ? `${JSON.stringify(report)}\n` : text(report, [...now.keys()]));
    return ok(0);
  };
}

type Report = {
  readonly build: string;
  readonly key: string | null;
  readonly present: boolean;
  readonly changed: readonly { path: string; before: string | null; now: string | null }[] | null;
  readonly needsAdded: readonly string[];
  readonly needsRemoved: readonly string[];
};

function text(report: Report, inputs: readonly string[]): string {
  const lines = [
    `key: ${report.key ?? 'not known yet: something it needs is not built'}`,
    report.present ? 'The store has what this key gives.' : 'The store has nothing for this key.',
    `It is decided by ${inputs.length} inputs and the artifacts of its needs.`,
  ];
  if (report.changed === null) lines.push('It has never been built with this store.');
  else if (
    report.changed.length === 0 &&
    report.needsAdded.length === 0 &&
    report.needsRemoved.length === 0
  ) {
    lines.push(
      report.present
        ? 'Nothing changed since its newest artifact.'
        : 'Its own inputs are the same; an artifact that it needs is another.',
    );
  }
  for (const { path, before, now } of report.changed ?? []) {
    lines.push(`changed ${path}`, `  before: ${before ?? '(absent)'}`, `  now:    ${now ?? '(absent)'}`);
  }
  for (const need of report.needsAdded) lines.push(`new need ${need}`);
  for (const need of report.needsRemoved) lines.push(`no need any more: ${need}`);
  return `${lines.join('\n')}\n`;
}

function needsChanged(inputs: unknown, needs: readonly string[]): { added: string[]; removed: string[] } {
  const before = Object.keys((inputs as { needs?: Record<string, string> } | undefined)?.needs ?? {});
  return {
    added: inputs === undefined ? [] : needs.filter((need) => !before.includes(need)),
    removed: before.filter((need) => !needs.includes(need)),
  };
}

/** Every leaf of plain data by its path: `action.env.CFLAGS`. */
function flatten(data: unknown, path = ''): Map<string, string> {
  if (typeof data !== 'object' || data === null) return new Map([[path, canonicalJson(data)]]);
  const parts = Object.entries(data).flatMap(([name, value]) => [
    ...flatten(value, path === '' ? name : `${path}.${name}`),
  ]);
  return new Map(parts);
}
