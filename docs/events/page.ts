import { z } from 'zod';
import { eventSchema } from './schema.ts';

/** As much of JSON Schema as events need. */
export type JsonSchema = {
  readonly description?: string;
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
};

/** The schema of an event for other programs. */
export function eventJsonSchema(): JsonSchema {
  return z.toJSONSchema(eventSchema, { io: 'input' }) as JsonSchema;
}

/** docs/events.md. */
export function eventsPage(): string {
  const events = eventJsonSchema().oneOf ?? [];
  const sections = events.map((event) => {
    const name = event.properties?.['type']?.const ?? '';
    const fields = fieldLines(event, '').filter(
      (line) => !line.startsWith('| `type`') && !line.startsWith('| `atMs`'),
    );
    const table = fields.length === 0 ? '' : `\n| field | type | |\n|---|---|---|\n${fields.join('\n')}\n`;
    return `## ${name}\n\n${event.description}\n${table}`;
  });
  return `${HEAD}\n${sections.join('\n')}`;
}

const HEAD = `# Events

With \`--json\`, everything that happens is one line of JSON on stdout, and nothing else is there. The events of the last \`build\` are in \`logs/events.jsonl\` as well, whatever its flags were. [events.schema.json](events.schema.json) is their JSON Schema.

Every event has \`type\`, and \`atMs\`: when, in milliseconds since 1970; within a run it never goes back. Fields are only ever added: a program that reads events passes over those it does not know, and over types it does not know. An optional field is marked with \`?\`; it is absent, and never null, unless its type says so.

This page is made from \`docs/events/schema.ts\` by \`node docs/events/make-page.ts\`; the compiler and a test check that it tells of every event and every field.
`;

/** Fields of fields come after their own: `problem.kind`, `work[].needs`. */
function fieldLines(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const isOptional = schema.required?.includes(name) !== true;
    const own = `| \`${prefix}${name}\`${isOptional ? '?' : ''} | ${typeWords(field)} | ${field.description ?? ''} |`;
    if (field.type === 'array' && field.items?.properties !== undefined) {
      return [own, ...fieldLines(field.items, `${prefix}${name}[].`)];
    }
    return [own, ...fieldLines(field, `${prefix}${name}.`)];
  });
}

function typeWords(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeWords).join(' or ');
  if (schema.type === 'array') return `list of ${typeWords(schema.items ?? {})}s`;
  return schema.type ?? '';
}
