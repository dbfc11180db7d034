import { styleText } from 'node:util';

/** Colours by meaning; without colour, the words stay. */
export type Ink = {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
};

/** Coloured, or plain. */
export function makeInk(colored: boolean): Ink {
  if (!colored) return { good: same, bad: same, warn: same, dim: same };
  const paint = (style: 'green' | 'red' | 'yellow' | 'dim') => (text: string) =>
    styleText(style, text, { validateStream: false });
  return { good: paint('green'), bad: paint('red'), warn: paint('yellow'), dim: paint('dim') };
}

function same(text: string): string {
  return text;
}
