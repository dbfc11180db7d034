/** Writes docs/events.md and docs/events.schema.json: `node docs/events/make-page.ts`, after an event has changed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventJsonSchema, eventsPage } from './page.ts';

const docs = join(import.meta.dirname, '..');
writeFileSync(join(docs, 'events.md'), eventsPage());
writeFileSync(join(docs, 'events.schema.json'), `${JSON.stringify(eventJsonSchema(), null, 2)}\n`);
