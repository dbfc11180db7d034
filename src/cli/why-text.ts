import type { Cause, Explanation } from './explain.ts';
import { diffLines } from './line-diff.ts';
import type { Change, inputsOf } from './why-changes.ts';

type Inputs = ReturnType<typeof inputsOf>;

/** More of a script's differences are for `git diff`. */
const DIFF_LINES = 24;

/** An explanation for people; `isVerbose` lists everything that decides the key. */
export function whyText(explanation: Explanation, inputs: Inputs, isVerbose: boolean): string {
  const { build, key, causes, needsMissing } = explanation;
  const lines = [
    `${build}: ${verdict(explanation)}`,
    `key: ${key ?? `not known yet: ${needsMissing.length} of its needs have to be built first`}`,
    `decided by ${inputs.size} inputs of its own, and the artifacts of its needs`,
    ...(isVerbose ? [...inputs.values()].map(inputLine) : []),
  ];
  for (const cause of causes) {
    const told = causeLines(cause, build);
    if (told.length > 0) lines.push('', ...told);
  }
  const isLater = causes.some((cause) => cause.build !== build) && needsMissing.length > 0;
  if (isLater)
    lines.push('', 'Where a need comes out with the same bytes as before, nothing follows from it.');
  return `${lines.join('\n')}\n`;
}

/** A script is told by its length: it stands in the recipe. */
function inputLine({ what, value }: { readonly what: string; readonly value: string }): string {
  const lines = value.split('\n');
  return `  ${what}: ${lines.length === 1 ? value : `${lines.length} lines`}`;
}

function verdict({ present, changed, needsAdded, needsRemoved, causes }: Explanation): string {
  if (present) return 'nothing to build: the store has what its key gives';
  if (changed === null) return 'to be built: this store has never built it';
  if (changed.length + needsAdded.length + needsRemoved.length > 0)
    return 'to be built: its own inputs changed';
  if (causes.some(({ kind }) => kind === 'artifact-gone') && causes.length === 1) {
    return 'to be built: nothing changed, but the store has an artifact no more';
  }
  return 'its own inputs are the same; what it needs is another';
}

function causeLines(cause: Cause, asked: string): string[] {
  const { build, kind, changed, needsAdded, needsRemoved } = cause;
  const head = build === asked ? 'changed:' : `because of ${build}:`;
  switch (kind) {
    case 'never-built':
      // Of the build that was asked for, the verdict has said so.
      return build === asked ? [] : [`${head} it has never been built`];
    case 'other-bytes':
      return [`${head} built again from the same inputs, it came out different`];
    case 'artifact-gone':
      return [
        `${build === asked ? 'gone:' : head} the store has its artifact no more; nothing of it changed`,
      ];
    case 'inputs-changed':
      return [
        head,
        ...changed.flatMap(changeLines),
        ...needsAdded.map((need) => `  new need: ${need}`),
        ...needsRemoved.map((need) => `  no need any more: ${need}`),
      ];
  }
}

function changeLines({ what, before, now }: Change): string[] {
  if (before === null)
    return [
      `  new ${what}`,
      ...(now ?? '')
        .split('\n')
        .slice(0, DIFF_LINES)
        .map((line) => `    + ${line}`),
    ];
  if (now === null) return [`  no ${what} any more`];
  if (!before.includes('\n') && !now.includes('\n')) return [`  ${what}`, `    - ${before}`, `    + ${now}`];
  const diff = diffLines(before, now);
  const more = diff.length - DIFF_LINES;
  return [
    `  ${what}`,
    ...diff.slice(0, DIFF_LINES).map(({ sign, line }) => `    ${sign} ${line}`),
    ...(more > 0 ? [`    … and ${more} lines more`] : []),
  ];
}
