import { fail, ok, type Result } from '#base';

const UNITS = ['', 'K', 'M', 'G', 'T'];

/** A size as people write it, in bytes: `800M`, `1.5G`, `2GiB`, `1048576`; units are of 1024. Problem: it is none. */
export function parseSize(text: string): Result<number> {
  const match = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const unit = UNITS.indexOf((match?.[2] ?? '').toUpperCase());
  const sizeBytes = Math.floor(Number(match?.[1]) * 1024 ** unit);
  if (match !== null && Number.isSafeInteger(sizeBytes)) return ok(sizeBytes);
  return fail({
    kind: 'wrong-usage',
    subject: text,
    message: `${text} is no size`,
    hint: 'Write it as 800M, 1.5G or a number of bytes',
  });
}
