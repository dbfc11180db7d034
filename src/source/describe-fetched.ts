import { formatBytes } from '#base';
import type { ChosenPin } from './chosen-pin.ts';

/** One line a source for people: version, where it came from, and what vouched for it. */
export function describeFetched(chosen: Iterable<ChosenPin>): string[] {
  return [...chosen].map(({ pin, fetchedFrom }) => {
    const from = fetchedFrom === undefined ? `already here (${pin.origin.text})` : `from ${fetchedFrom.text}`;
    const size = pin.sizeBytes === undefined ? '' : `, ${formatBytes(pin.sizeBytes)}`;
    return `${pin.name} ${pin.version}${size}: ${from}, sha256 verified`;
  });
}
