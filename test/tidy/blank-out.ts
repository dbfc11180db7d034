/** What is blanked out of a program's text; the rest keeps its place, so that offsets and lines stay right. */
export type Blanked = 'comments' | 'comments-and-texts';

/**
 * TypeScript with its comments, and what its template texts say, turned into blanks; with `comments-and-texts`,
 * what ordinary strings say too. A small lexer: enough for code that the formatter has been over.
 */
export function blankOut(text: string, what: Blanked): string {
  const blanked = [...text];
  const blank = (from: number, to: number) => {
    for (let index = from; index < to; index += 1) if (blanked[index] !== '\n') blanked[index] = ' ';
  };
  // Braces that are open inside `${…}`: at 0 the template text goes on.
  const braces: number[] = [];
  let index = 0;

  const skipTemplate = () => {
    const end = endOfTemplate(text, index);
    blank(index, end);
    index = end;
    if (text[index] === '`') index += 1;
    else if (text[index] === '$') {
      braces.push(0);
      index += 2;
    }
  };

  while (index < text.length) {
    const token = tokenAt(text, index);
    if (token.kind === 'comment' || token.kind === 'pattern') {
      blank(index, token.end);
      index = token.end;
    } else if (token.kind === 'string') {
      if (what === 'comments-and-texts') blank(index + 1, token.end - 1);
      index = token.end;
    } else if (token.kind === 'template') {
      index += 1;
      skipTemplate();
    } else {
      const open = braces.at(-1);
      if (text[index] === '}' && open === 0) {
        braces.pop();
        index += 1;
        skipTemplate();
        continue;
      }
      if (open !== undefined && text[index] === '{') braces[braces.length - 1] = open + 1;
      if (open !== undefined && text[index] === '}') braces[braces.length - 1] = open - 1;
      index += 1;
    }
  }
  return blanked.join('');
}

type Token = { readonly kind: 'comment' | 'pattern' | 'string' | 'template' | 'code'; readonly end: number };

function tokenAt(text: string, start: number): Token {
  const two = text.slice(start, start + 2);
  const character = text[start];
  if (two === '//') return { kind: 'comment', end: orEnd(text, text.indexOf('\n', start)) };
  if (two === '/*') return { kind: 'comment', end: orEnd(text, text.indexOf('*/', start) + 2) };
  if (character === "'" || character === '"') return { kind: 'string', end: endOfString(text, start) };
  if (character === '`') return { kind: 'template', end: start + 1 };
  if (character === '/' && beginsPattern(text, start))
    return { kind: 'pattern', end: endOfPattern(text, start) };
  return { kind: 'code', end: start + 1 };
}

function orEnd(text: string, offset: number): number {
  return offset <= 0 ? text.length : offset;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== text[start]) index += text[index] === '\\' ? 2 : 1;
  return index + 1;
}

function endOfTemplate(text: string, start: number): number {
  let index = start;
  while (index < text.length && text[index] !== '`' && text.slice(index, index + 2) !== '${') {
    index += text[index] === '\\' ? 2 : 1;
  }
  return index;
}

/** A slash begins a regular expression where a value may begin: after an operator, a bracket, or `return`. */
function beginsPattern(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 40), start).trimEnd();
  return before === '' || /(?:[(,=:[!&|?{};>+]|\breturn)$/.test(before);
}

function endOfPattern(text: string, start: number): number {
  let index = start + 1;
  let isInClass = false;
  while (index < text.length && (isInClass || text[index] !== '/')) {
    if (text[index] === '[') isInClass = true;
    if (text[index] === ']') isInClass = false;
    index += text[index] === '\\' ? 2 : 1;
  }
  return index + 1;
}
