/** A line that only one of two texts has. */
export type DiffLine = { readonly sign: '-' | '+'; readonly line: string };

/** The lines that differ between two texts, in order: the fewest that make one out of the other. */
export function diffLines(before: string, now: string): DiffLine[] {
  const [a, b] = [before.split('\n'), now.split('\n')];
  const common = commonLengths(a, b);
  const lengthAt = (i: number, j: number): number => common[i]?.[j] ?? 0;
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (i < a.length && (j === b.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      lines.push({ sign: '-', line: a[i++] ?? '' });
    } else lines.push({ sign: '+', line: b[j++] ?? '' });
  }
  return lines;
}

/** How many lines the rests of two texts have in common, in order, from each pair of lines on. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths: number[][] = Array.from({ length: a.length + 1 }, () =>
    new Array<number>(b.length + 1).fill(0),
  );
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row = [], below = []] = [lengths[i], lengths[i + 1]];
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
