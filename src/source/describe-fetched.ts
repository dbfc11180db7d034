import { formatBytes } from '#base';
import type { ChosenPin } from './chosen-pin.ts';

/** One line a source for people: version, where it came from, and what vouched for it. */
export function describeFetched(chosen: Iterable<ChosenPin>): string[] {
  return [...chosen].map(({ pin, fetchedFrom }) => {
    const from =
      fetchedFrom === undefined
        ? `in the store already, verified when it came (${pin.origin.text})`
        : `from ${fetchedFrom.text}, sha256 verified`;
    const size = pin.sizeBytes === undefined ? '' : `, ${formatBytes(pin.sizeBytes)}`;
    return `${pin.name} ${pin.version}${size}: ${from}`;
  });
}
