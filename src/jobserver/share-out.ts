/**
 * How many of the free tokens each of so many builds is offered, the best first: half of what is left to each, so
 * that the first gets most and the next ones are not left without while there are some.
 */
export function shareOut(tokens: number, builds: number): number[] {
  const shares: number[] = [];
  let left = tokens;
  for (let build = 0; build < builds; build += 1) {
    const share = build === builds - 1 ? left : Math.ceil(left / 2);
    shares.push(share);
    left -= share;
  }
  return shares;
}
