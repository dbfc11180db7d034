/** The text of a profile with one more package, or undefined when its list cannot be found. */
export function withPackage(text: string, build: string): string | undefined {
  const list = findPackages(text);
  if (list === undefined) return undefined;
  const { start, end } = list;
  const inside = text.slice(start, end);
  const edited = inside.includes('\n') ? insertLine(inside, build) : insertWord(inside, build);
  return `${text.slice(0, start)}${edited}${text.slice(end)}`;
}

/** Whether a profile's list has the package already. */
export function hasPackage(text: string, build: string): boolean {
  const list = findPackages(text);
  return list !== undefined && entriesIn(text.slice(list.start, list.end)).some(({ name }) => name === build);
}

/** A profile that is another one with a package more. Profiles of the project are imported by name. */
export function extendingProfile(name: string, base: string, build: string): string {
  return `import base from 'blazeneuro/profiles/${base}';
import { extendProfile } from 'blazeneuro/recipe';

export default extendProfile(base, {
  name: '${name}',
  packages: [...base.packages, '${build}'],
});
`;
}

/** As long as a line may be; what is longer has one entry a line. */
const LONGEST_LINE = 110;

/** Between the brackets of `packages: […]`. A bracket in a comment or a text there does not count. */
function findPackages(text: string): { readonly start: number; readonly end: number } | undefined {
  const opening = /^[^\S\n]*packages:\s*\[/m.exec(text);
  if (opening === null) return undefined;
  const start = opening.index + opening[0].length;
  const rest = text
    .slice(start)
    .replaceAll(/\/\/[^\n]*|'[^'\n]*'|"[^"\n]*"/g, (hidden) => ' '.repeat(hidden.length));
  let depth = 1;
  for (const [index, letter] of [...rest].entries()) {
    if (letter === '[') depth += 1;
    if (letter === ']') depth -= 1;
    if (depth === 0) return { start, end: start + index };
  }
  return undefined;
}

type Entry = { readonly name: string; readonly line: number };

function entriesIn(inside: string): Entry[] {
  return inside.split('\n').flatMap((content, line) => {
    const code = content.replace(/\/\/.*$/, '');
    return [...code.matchAll(/['"]([^'"]+)['"]/g)].map(([, name = '']) => ({ name, line }));
  });
}

/** A line of its own, where the order of its stage wants it; after the last of its stage, else at the end. */
function insertLine(inside: string, build: string): string {
  const lines = inside.split('\n');
  const stage = build.slice(0, build.indexOf('/') + 1);
  const ofStage = entriesIn(inside).filter(({ name }) => name.startsWith(stage));
  const next = ofStage.find(({ name }) => name > build)?.line;
  const last = ofStage.at(-1)?.line;
  // The last line holds what stands before the closing bracket.
  const at = next ?? (last === undefined ? lines.length - 1 : last + 1);
  const indentation = /^\s*/.exec(lines.find((line) => line.trim() !== '') ?? '    ')?.[0] ?? '';
  const before = lines[at - 1];
  if (before !== undefined && /['"\])]$/.test(before)) lines[at - 1] = `${before},`;
  lines.splice(at, 0, `${indentation}'${build}',`);
  return lines.join('\n');
}

function insertWord(inside: string, build: string): string {
  const words = inside.trim().replace(/,$/, '');
  const line = words === '' ? `'${build}'` : `${words}, '${build}'`;
  if (`  packages: [${line}],`.length <= LONGEST_LINE) return line;
  const entries = `${line},`.match(/[^,\s][^,]*,/g) ?? [];
  return `\n${entries.map((entry) => `    ${entry}\n`).join('')}  `;
}
