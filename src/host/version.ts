/** The first version number in a program's own words: `12.2.0` of `gcc (Debian 12.2.0-14) 12.2.0`. */
export function findVersion(text: string): string | undefined {
  // The pattern of LFS's version-check (chapter02/hostreqs): digits, a dot, digits and dots, maybe letters.
  const match = /\d+\.[\d.]*\d[a-z]*/.exec(text);
  return match?.[0];
}

/** Negative when `left` is older, positive when it is newer, 0 when both are the same: `2.5.1a` is after `2.5.1`. */
export function compareVersions(left: string, right: string): number {
  const leftParts = partsOf(left);
  const rightParts = partsOf(right);
  const length = Math.max(leftParts.length, rightParts.length);
  for (let index = 0; index < length; index += 1) {
    const difference = comparePart(leftParts[index], rightParts[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

type Part = { readonly number: number; readonly letters: string };

function partsOf(version: string): Part[] {
  return version.split('.').map((text) => {
    const digits = /^\d*/.exec(text)?.[0] ?? '';
    return { number: Number(digits), letters: text.slice(digits.length) };
  });
}

function comparePart(left: Part | undefined, right: Part | undefined): number {
  const none: Part = { number: 0, letters: '' };
  const { number: leftNumber, letters: leftLetters } = left ?? none;
  const { number: rightNumber, letters: rightLetters } = right ?? none;
  if (leftNumber !== rightNumber) return leftNumber - rightNumber;
  if (leftLetters === rightLetters) return 0;
  return leftLetters < rightLetters ? -1 : 1;
}
