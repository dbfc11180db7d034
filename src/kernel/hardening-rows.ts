import { fail, ok, type Result } from '#base';
import type { FragmentText } from './parse-fragment.ts';

/** Where a setting is made: when the kernel is built, on its command line, or while it runs. */
export type HardeningKind = 'kconfig' | 'cmdline' | 'sysctl';

/** One row of a hardening table: what a setting should be, what for, and who asks for it. */
export type HardeningRow = {
  /** `CONFIG_BUG`, `slab_nomerge`, `kernel.kptr_restrict`. */
  readonly option: string;
  readonly kind: HardeningKind;
  /** A value, `is not set`, a `*part*` that it must hold, or `MAX`: the largest that this kernel permits. */
  readonly desired: string;
  readonly reason: string;
  readonly decidedBy: string;
};

const HEADER = 'option\ttype\tdesired\treason\tdecided_by';

/** Reads a hardening table: a header, then five fields a line with tabs between them. */
export function parseHardeningRows({ file, text }: FragmentText): Result<readonly HardeningRow[]> {
  const [header, ...lines] = text.trimEnd().split('\n');
  if (header !== HEADER) return badRow(`${file}:1`, 'The first line must name the five fields of a row.');
  const rows: HardeningRow[] = [];
  for (const [index, line] of lines.entries()) {
    const [option, kind, desired, reason, decidedBy, ...more] = line.split('\t');
    if (!option || !isKind(kind) || !desired || !reason || !decidedBy || more.length > 0)
      return badRow(`${file}:${index + 2}`, `Not a row of a hardening table: ${line}`);
    rows.push({ option, kind, desired, reason, decidedBy });
  }
  return ok(rows);
}

function isKind(word: string | undefined): word is HardeningKind {
  return word === 'kconfig' || word === 'cmdline' || word === 'sysctl';
}

function badRow(place: string, message: string): Result<never> {
  return fail({
    kind: 'bad-profile',
    subject: place,
    message,
    place,
    hint: 'Write option, type (kconfig, cmdline or sysctl), desired value, reason and who asks, with tabs between.',
  });
}
