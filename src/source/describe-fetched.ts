import { formatBytes } from '#base';
import type { ChosenPin } from './chosen-pin.ts';
import type { Vouched } from './vouch.ts';

/** One line a source for people: version, where it came from, and what vouched for it. */
export function describeFetched(chosen: Iterable<ChosenPin>): string[] {
  return [...chosen].map(({ pin, fetchedFrom, vouched }) => {
    const size = pin.sizeBytes === undefined ? '' : `, ${formatBytes(pin.sizeBytes)}`;
    const from =
      fetchedFrom === undefined ? `in the store already (${pin.origin.text})` : `from ${fetchedFrom.text}`;
    return `${pin.name} ${pin.version}${size}: ${from}, verified by ${describeVouched(vouched)}`;
  });
}

/** `digest and signature by Jim Meyering <jim@meyering.net> 155D…`, or `digest`, with why there is no more. */
function describeVouched(vouched: Vouched | undefined): string {
  const { signer, reason } = vouched ?? {};
  if (signer !== undefined) return `digest and signature by ${signer.name} ${signer.fingerprint}`;
  return reason === undefined ? 'digest' : `digest (no signature: ${reason})`;
}
