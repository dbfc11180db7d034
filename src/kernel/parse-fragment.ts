import { fail, ok, type Result } from '#base';

/** One line of a fragment: an option, the value that is asked for, and where. */
export type KernelRequest = {
  /** Without `CONFIG_`. */
  readonly option: string;
  /** `y`, `m`, `n`, a number, or text in double quotes, as kconfig writes it. */
  readonly value: string;
  /** `file:line`. */
  readonly place: string;
};

/** A kernel config fragment as it is on disk. */
export type FragmentText = { readonly file: string; readonly text: string };

const ASSIGNMENT = /^CONFIG_([A-Za-z0-9_]+)=(y|m|n|-?\d+|0[xX][0-9a-fA-F]+|"(?:[^"\\]|\\.)*")$/;
const NOT_SET = /^# CONFIG_([A-Za-z0-9_]+) is not set$/;
// A slip such as `#CONFIG_X is not set` or `CONFIG_X = y` in a comment's clothes would be ignored by kconfig.
const ALMOST_NOT_SET = /^#\s*CONFIG_[A-Za-z0-9_]+\s+is\s+not\s+set\b/;

/** Reads a fragment (or a whole .config). A line that kconfig would pass over with a warning is a problem here. */
export function parseFragment({ file, text }: FragmentText): Result<readonly KernelRequest[]> {
  const requests: KernelRequest[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const place = `${file}:${index + 1}`;
    const line = raw.trimEnd();
    const request = requestOf(line, place);
    if (request !== undefined) requests.push(request);
    else if (!isEmptyOrComment(line)) return badLine(line, place);
  }
  return ok(requests);
}

function requestOf(line: string, place: string): KernelRequest | undefined {
  const [, unset] = NOT_SET.exec(line) ?? [];
  if (unset !== undefined) return { option: unset, value: 'n', place };
  const [, option, value] = ASSIGNMENT.exec(line) ?? [];
  return option === undefined || value === undefined ? undefined : { option, value, place };
}

function isEmptyOrComment(line: string): boolean {
  return line === '' || (line.startsWith('#') && !ALMOST_NOT_SET.test(line));
}

function badLine(line: string, place: string): Result<never> {
  return fail({
    kind: 'bad-profile',
    subject: place,
    message: `Not a line of a kernel config fragment: ${line}`,
    place,
    hint: 'Write CONFIG_NAME=y, CONFIG_NAME=123, CONFIG_NAME="text", or: # CONFIG_NAME is not set',
  });
}
