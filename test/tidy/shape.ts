import { blankOut } from './blank-out.ts';
import { type Fault, faultAt, faultsWhere, isTest, type SourceFile } from './source-file.ts';

const LONGEST_FILE = 400;
const LONGEST_FUNCTION = 70;

/** Files up to 400 lines, functions up to 70; data lists are no functions. */
export function checkSizes(file: SourceFile): Fault[] {
  const lines = file.text.trimEnd().split('\n');
  const faults: Fault[] = [];
  if (lines.length > LONGEST_FILE) {
    faults.push({ path: file.path, line: LONGEST_FILE, message: `has ${lines.length} lines` });
  }
  if (isTest(file.path)) return faults;
  const code = blankOut(file.text, 'comments-and-texts').split('\n');
  code.forEach((line, index) => {
    if (!beginsFunction(line)) return;
    const length = functionLength(code, index);
    if (length <= LONGEST_FUNCTION) return;
    faults.push({ path: file.path, line: index + 1, message: `a function of ${length} lines` });
  });
  return faults;
}

function beginsFunction(line: string): boolean {
  return (
    /^\s*(?:export )?(?:default )?(?:async )?function\b/.test(line) ||
    /^\s*(?:export )?const \w+ = (?:async )?(?:\(|\w+ =>)/.test(line) ||
    /^ {2}(?:(?:static|async|private|override|get|set) )*#?\w+\((?!.*;$).*\{$/.test(line)
  );
}

/** The formatter closes a function at its own indentation; a line that opens again (`}): X {`) is not its end. */
function functionLength(code: readonly string[], start: number): number {
  const indentation = /^\s*/.exec(code[start] ?? '')?.[0] ?? '';
  if (!/[({[]\s*$/.test(code[start] ?? '')) return 1;
  const end = code.findIndex(
    (line, index) => index > start && line.startsWith(`${indentation}}`) && !/[{(]\s*$/.test(line),
  );
  return end === -1 ? 1 : end - start + 1;
}

/** Names that say nothing, and words that the table of names replaces by another. */
const EMPTY_NAME =
  /\b(?:const|let|function|class|type|interface)\s+(\w*(?:Manager|Helpers?|Utils?)\b|(?:manager|helpers?|utils?)\b)/g;
const EMPTY_TYPE = /\b(?:class|type|interface)\s+\w*(?:Service|Data|Info)\b/g;
const OTHER_WORDS = [
  'orchestrator',
  'formula',
  'ebuild',
  'distfile',
  'mixin',
  'derivation',
  'flavour',
  'chrootJail',
].map(wordInName);
const OTHER_WORD = new RegExp(
  String.raw`\b(?:const|let|function|class|type|interface)\s+\w*(?:${OTHER_WORDS.join('|')})\w*`,
  'g',
);

/** A pattern of a word that stands by itself in a name in camel case: `ebuild` in `lastEbuild`, not in `rebuild`. */
function wordInName(word: string): string {
  const capital = `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
  return `(?:(?<![A-Za-z])${word}|${capital})s?(?![a-z])`;
}

/** Identifiers and file names against the table of names. */
export function checkNames(file: SourceFile): Fault[] {
  const code = blankOut(file.text, 'comments-and-texts');
  const faults = [
    ...faultsWhere(file, code, EMPTY_NAME, 'a name that says nothing'),
    ...faultsWhere(file, code, EMPTY_TYPE, 'a name that says nothing'),
    ...faultsWhere(file, code, OTHER_WORD, 'another word than in the table of names'),
  ];
  const base = file.path.split('/').at(-1) ?? '';
  if (/^(?:utils?|helpers?|managers?|common|misc)\b/.test(base)) {
    faults.push(faultAt(file, 0, 'a file name that says nothing'));
  }
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.d)?\.ts$/.test(base)) {
    faults.push(faultAt(file, 0, 'file names are kebab-case'));
  }
  return faults;
}

/** Default exports belong to recipes and profiles; `any` to nobody. */
export function checkLanguage(file: SourceFile): Fault[] {
  const code = blankOut(file.text, 'comments-and-texts');
  const faults = faultsWhere(file, code, /(?:[:<|,&]|\bas)\s*any\b(?!\s*[.(:])/g, 'any');
  if (!/(?:^|\/)(?:recipes|profiles)\//.test(file.path)) {
    faults.push(...faultsWhere(file, code, /^export default\b/gm, 'a default export'));
  }
  return faults;
}
