import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePage } from './page.ts';

await writeFile(join(import.meta.dirname, '..', 'docs', 'performance.md'), await makePage());
process.stderr.write('docs/performance.md is written\n');
