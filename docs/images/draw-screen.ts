/**
 * Draws a terminal's text as an SVG picture: `draw-screen.ts TITLE < boot.log > boot.svg`. Of escape sequences only
 * those of colours are drawn; what is longer than the screen is wide goes on in the next line.
 */
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

const COLUMNS = 100;
const LINE_HEIGHT = 18;
// Monospaced fonts are about 0.6 as wide as they are high.
const FONT_SIZE = 14;
const COLUMN_WIDTH = 8.4;
const MARGIN = 16;

/** The colours of src/report/ink.ts, by their code (ECMA-48, SGR); all others are the plain one. */
const FILLS: Readonly<Record<string, string>> = {
  '2': '#7d8590',
  '31': '#ff7b72',
  '32': '#56d364',
  '33': '#e3b341',
};

/** Text of one colour; undefined is the plain one. */
type Run = { readonly text: string; readonly fill: string | undefined };

const screen = (await text(process.stdin)).replaceAll('\r', '').trimEnd();
process.stdout.write(drawScreen(screen.split('\n').flatMap(wrapLine), process.argv[2] ?? 'A terminal'));

/** A line without colours is wrapped; one with colours was made for its width. */
function wrapLine(line: string): Run[][] {
  const runs = colorRuns(line);
  if (runs.some(({ fill }) => fill !== undefined)) return [runs];
  const plain = runs.map((run) => run.text).join('');
  const pieces = plain.match(new RegExp(`.{1,${COLUMNS}}`, 'gu')) ?? [''];
  return pieces.map((piece) => [{ text: piece, fill: undefined }]);
}

function colorRuns(line: string): Run[] {
  const escapeSign = '\u001b';
  // The text before the first sequence, then pairs of a code and the text that follows it.
  const [first = '', ...rest] = line.split(new RegExp(`${escapeSign}\\[([0-9]+)m`));
  const runs: Run[] = [{ text: first, fill: undefined }];
  for (let at = 0; at < rest.length; at += 2) {
    runs.push({ text: rest[at + 1] ?? '', fill: FILLS[rest[at] ?? ''] });
  }
  return runs
    .map((run) => ({ ...run, text: stripVTControlCharacters(run.text) }))
    .filter((run) => run.text !== '');
}

function drawScreen(lines: readonly (readonly Run[])[], title: string): string {
  const width = Math.ceil(COLUMNS * COLUMN_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 0.8) * LINE_HEIGHT;
    return `<text x="${MARGIN}" y="${y.toFixed(1)}">${line.map(drawRun).join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">
<title>${escapeXml(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#111418"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${FONT_SIZE}" fill="#d6dbe0" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`;
}

function drawRun({ text: words, fill }: Run): string {
  return fill === undefined ? escapeXml(words) : `<tspan fill="${fill}">${escapeXml(words)}</tspan>`;
}

function escapeXml(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
