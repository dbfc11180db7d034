import type { Ink } from './ink.ts';

/** A piece of a line, with its colour by meaning. Its width is its length: one column a character. */
export type Piece = { readonly text: string; readonly paint?: keyof Ink };

/** A line of pieces, cut to a number of columns before it is painted: an escape sequence is never cut in two. */
export function cutLine(pieces: readonly Piece[], columns: number, ink: Ink): string {
  let room = Math.max(columns, 0);
  const painted: string[] = [];
  for (const { text, paint } of pieces) {
    const part = [...text].slice(0, room).join('');
    room -= part.length;
    if (part !== '') painted.push(paint === undefined ? part : ink[paint](part));
  }
  return painted.join('').trimEnd();
}
