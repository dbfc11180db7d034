/** Reads what `blazeneuro status --json` prints, and writes the estimate of its last line, in milliseconds. */
import { text } from 'node:stream/consumers';

const lines = (await text(process.stdin)).trim().split('\n');
const last: unknown = JSON.parse(lines.at(-1) ?? '');
if (
  typeof last === 'object' &&
  last !== null &&
  'type' in last &&
  last.type === 'status' &&
  'estimateMs' in last &&
  typeof last.estimateMs === 'number'
) {
  process.stdout.write(`${Math.ceil(last.estimateMs)}\n`);
} else {
  process.stderr.write(`blazeneuro status ended without an estimate: ${lines.at(-1)}\n`);
  process.exitCode = 1;
}
