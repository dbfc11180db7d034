import { ok, type Result } from '#base';
import type { HardeningRow } from './hardening-rows.ts';
import { type FragmentText, parseFragment } from './parse-fragment.ts';

/** A row that a kernel does not meet, and what it has instead; undefined when it does not know the option. */
export type FailedRow = HardeningRow & { readonly actual: string | undefined };

/** How a kernel stands against a hardening table. */
export type HardeningScore = { readonly met: readonly HardeningRow[]; readonly failed: readonly FailedRow[] };

/**
 * Holds a kernel's .config against the kconfig rows of a table, to the letter: an option that this kernel no longer has
 * fails, also where what it stood for is always on.
 */
export function scoreHardening(config: FragmentText, rows: readonly HardeningRow[]): Result<HardeningScore> {
  const parsed = parseFragment(config);
  if (!parsed.ok) return parsed;
  const values = new Map(
    parsed.value
      .filter(({ value }) => value !== 'n')
      .map(({ option, value }) => [`CONFIG_${option}`, withoutQuotes(value)]),
  );
  const judged = rows
    .filter(({ kind }) => kind === 'kconfig')
    .map((row) => ({ row, actual: values.get(row.option), isMet: isMet(row, values) }));
  return ok({
    met: judged.flatMap(({ row, isMet }) => (isMet ? [row] : [])),
    failed: judged.flatMap(({ row, actual, isMet }) => (isMet ? [] : [{ ...row, actual }])),
  });
}

function isMet({ option, desired }: HardeningRow, values: ReadonlyMap<string, string>): boolean {
  const actual = values.get(option);
  if (desired === 'is not set') return actual === undefined;
  if (actual === undefined) return false;
  // kconfig keeps the bound beside the value: ARCH_MMAP_RND_BITS_MAX.
  if (desired === 'MAX') return actual === values.get(`${option}_MAX`);
  const [, part] = /^\*(.+)\*$/.exec(desired) ?? [];
  return part === undefined ? actual === desired : actual.split(',').includes(part);
}

function withoutQuotes(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1) : value;
}
