/** Text of strangers on one line of a terminal: what would move its cursor or rename its window is spelt out. */
export function plainText(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) =>
    character === '\t' ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
