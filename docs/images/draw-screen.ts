/**
 * Draws a terminal's text as an SVG picture: `draw-screen.ts < boot.log > boot.svg`. Colours and cursor movements
 * are left out; what is longer than the screen is wide goes on in the next line.
 */
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

const COLUMNS = 100;
const LINE_HEIGHT = 18;
// Monospaced fonts are about 0.6 as wide as they are high.
const FONT_SIZE = 14;
const COLUMN_WIDTH = 8.4;
const MARGIN = 16;

const screen = stripVTControlCharacters(await text(process.stdin))
  .replaceAll('\r', '')
  .trimEnd();
process.stdout.write(drawScreen(screen.split('\n').flatMap(wrapLine)));

function wrapLine(line: string): string[] {
  const pieces = line.match(new RegExp(`.{1,${COLUMNS}}`, 'gu'));
  return pieces ?? [''];
}

function drawScreen(lines: readonly string[]): string {
  const width = Math.ceil(COLUMNS * COLUMN_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 0.8) * LINE_HEIGHT;
    return `<text x="${MARGIN}" y="${y.toFixed(1)}">${escapeXml(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">
<title>A boot, as the console shows it</title>
<rect width="100%" height="100%" rx="8" fill="#111418"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${FONT_SIZE}" fill="#d6dbe0" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`;
}

function escapeXml(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
