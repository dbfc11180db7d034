import { isUtf8 } from 'node:buffer';

/** Why an archive is not unpacked, and for which of its entries. */
export type Refusal = {
  readonly isRefused: true;
  /** The entry's name as it can be shown; absent when it is about the archive. */
  readonly entry?: string;
  /** What comes after the name: `is a device`. */
  readonly why: string;
};

/** An archive that is refused for what it is. */
export function refuseArchive(why: string): Refusal {
  return { isRefused: true, why };
}

/** An archive that is refused for one of its entries. */
export function refuseEntry(name: Buffer | string, why: string): Refusal {
  return { isRefused: true, entry: shown(name), why };
}

/** The sentence of a refusal, on one line. */
export function describeRefusal(archive: string, { entry, why }: Refusal): string {
  return `The archive ${archive} is refused: ${entry ?? 'it'} ${why}`;
}

/** The sentence of a refusal among the lines of a log. */
export function isRefusalLine(line: string): boolean {
  return /^The archive .+ is refused: /.test(line);
}

/** More of a name tells nobody more. */
const LONGEST_SHOWN = 200;

/** A name as a terminal may see it, in quotes: whatever is no plain letter is escaped, bytes that are no UTF-8 too. */
export function shown(name: Buffer | string): string {
  const bytes = Buffer.from(name);
  const text = isUtf8(bytes) ? bytes.toString() : bytes.toString('latin1').replace(/[^ -~]/g, escaped);
  const cut = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
  return `"${cut.replace(/[\p{C}\p{Zl}\p{Zp}"]/gu, escaped)}"`;
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
}
