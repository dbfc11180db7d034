/** Words of a version that stand before the release they announce. Debian writes `~` before them. */
const BEFORE_RELEASE = /^(~|dev|pre|preview|alpha|beta|rc|git|snapshot|test)/;

/** A part of a version: a number, or letters with what they mean for the order. */
type Part = { readonly rank: number; readonly number: number; readonly letters: string };

/** Ranks of what may stand at one place: `1.0-rc1` before `1.0`, `1.0` before `1.0a`, `1.0a` before `1.0.1`. */
const RANK = { beforeRelease: 0, end: 1, letters: 2, number: 3 } as const;

const END: Part = { rank: RANK.end, number: 0, letters: '' };

/**
 * Negative when `left` is older, positive when it is newer, 0 when they stand for the same: 1.9 before 1.10, 2.0-rc1
 * before 2.0, 2025a before 2025b. What separates the parts does not matter.
 */
export function compareVersions(left: string, right: string): number {
  const [leftParts, rightParts] = [partsOf(left), partsOf(right)];
  for (let index = 0; index < Math.max(leftParts.length, rightParts.length); index += 1) {
    const difference = comparePart(leftParts[index] ?? END, rightParts[index] ?? END);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version announces a release and is none itself: `2.0-rc1`, `1.5.0-alpha2`, `3.0~git5`. */
export function isBeforeRelease(version: string): boolean {
  return partsOf(version).some(({ rank }) => rank === RANK.beforeRelease);
}

function partsOf(version: string): Part[] {
  const words = version.toLowerCase().match(/\d+|~?[a-z]+|~/g) ?? [];
  return words.map((word) => {
    if (/^\d/.test(word)) return { rank: RANK.number, number: Number(word), letters: '' };
    const rank = BEFORE_RELEASE.test(word) ? RANK.beforeRelease : RANK.letters;
    return { rank, number: 0, letters: word.replace('~', '') };
  });
}

function comparePart(left: Part, right: Part): number {
  if (left.rank !== right.rank) return left.rank - right.rank;
  if (left.number !== right.number) return left.number - right.number;
  if (left.letters === right.letters) return 0;
  return left.letters < right.letters ? -1 : 1;
}
