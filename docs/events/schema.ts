/**
 * The schema of an event as it is written: a line of `--json` and of logs/events.jsonl. It is the documentation of
 * `TimedEvent`, and the compiler checks that neither has what the other has not.
 */
import { z } from 'zod';
import type { Digest, ProblemKind } from '#base';
import type { TimedEvent } from '#event';

const build = z.string().describe('`stage/name`');
const durationMs = z.number().describe('wall time in milliseconds');
const cpuMs = z.number().describe('user and system time of all its processes, in milliseconds');
const sizeBytes = z.number();
const log = z.string().describe('path of the log, from the folder that the program runs in');
const origin = z.string().describe('where a source comes from, as the pin says it');
const digest = z.string().regex(/^[0-9a-f]{64}$/) as unknown as z.ZodType<Digest>;

const problem = z
  .object({
    kind: (z.string() as unknown as z.ZodType<ProblemKind>).describe('what kind of failure: `phase-failed`'),
    subject: z.string().describe('whom it is about: a build, a pin, a file'),
    message: z.string().describe('one sentence for people'),
    place: z.string().optional().describe('`file:line`, or the path of a log'),
    hint: z.string().optional().describe('what to do next; a line each'),
    details: z.array(z.string()).optional().describe('the lines of a log that tell why'),
  })
  .describe('an expected failure');

const buildTimes = z.object({ build, durationMs, cpuMs });

const criticalStep = z.object({
  build,
  durationMs,
  waitedMs: z.number().describe('between the end of what it needs and its own start'),
});

const plannedWork = z.object({
  build,
  needs: z.array(z.string()).describe('what it waits for; what these need in turn is left out'),
  estimateMs: z.number().describe('how long it takes, by earlier runs or shipped figures'),
});

/** One event; its description is what the page says of it. */
function event<Type extends string, Fields extends z.ZodRawShape>(type: Type, text: string, fields: Fields) {
  const atMs = z
    .number()
    .describe(
      'when, in milliseconds since 1970; within a run it never goes back, whatever is done to the clock',
    );
  return z.object({ type: z.literal(type), ...fields, atMs }).describe(text);
}

const ofBuilds = [
  event('run-started', 'A run begins.', {
    goals: z.array(z.string()).describe('builds that were asked for'),
    builds: z.number().describe('builds of the plan'),
  }),
  event(
    'run-planned',
    'All builds of a run that has something to do, needs first, before the first starts.',
    {
      jobs: z.number().describe('compilers at once'),
      work: z.array(plannedWork),
    },
  ),
  event('action-started', 'A build begins: the store has nothing for its key.', { build, key: digest, log }),
  event('phase-started', 'A phase of a build begins.', { build, phase: z.string() }),
  event('phase-finished', 'A phase of a build has ended well.', {
    build,
    phase: z.string(),
    durationMs,
    cpuMs,
  }),
  event('action-finished', 'A build has its end; one for every build of the plan.', {
    build,
    outcome: z
      .enum(['built', 'reused', 'failed', 'stopped'])
      .describe(
        '`reused`: from the store. `stopped`: not run, or broken off, since something failed or the run was stopped',
      ),
    durationMs,
    cpuMs,
    key: digest.optional().describe('absent when something it needs was not built, so that it is not known'),
    artifact: digest.optional().describe('what it made'),
    problem: problem.optional(),
  }),
  event('check-finished', "A package's own tests have run (`--check`).", { build, passed: z.boolean(), log }),
] as const;

const ofSources = [
  event(
    'sources-planned',
    'What the store does not hold, before the first of it is fetched; not when it holds all.',
    {
      sources: z.array(
        z.object({
          name: z.string(),
          sizeBytes: sizeBytes
            .nullable()
            .describe('as the pins tell, of one origin or another; null when none does'),
        }),
      ),
    },
  ),
  event('source-started', 'A source begins to be fetched.', {
    name: z.string(),
    origin,
    sizeBytes: sizeBytes.nullable().describe('null when the origin does not tell'),
  }),
  event(
    'source-progress',
    'A download goes on: at most four times a second for each source, not while nothing comes, and not with `--quiet`.',
    {
      name: z.string(),
      origin,
      receivedBytes: z.number().describe('of the whole, with what an earlier run or origin gave'),
      sizeBytes: sizeBytes.nullable().describe('of the whole; null when neither pin nor server tells'),
    },
  ),
  event('source-finished', 'A source is there, and its digest is the pinned one.', {
    name: z.string(),
    version: z.string(),
    origin,
    outcome: z.enum(['fetched', 'present']).describe('`present`: the store had it'),
    sizeBytes,
    durationMs,
    signer: z
      .object({
        name: z.string().describe('as the key says it'),
        fingerprint: z.string().describe('of the primary key'),
      })
      .nullable()
      .describe('who signed it for upstream; null when the digest alone vouches for it'),
  }),
  event('origin-failed', 'An origin did not give a source; the next one is tried.', {
    name: z.string(),
    origin,
    reason: z.string(),
  }),
] as const;

const ofRuns = [
  event(
    'step-started',
    'A step of the image, of a boot test, of fetching, of a drive that is written begins.',
    { step: z.string() },
  ),
  event('step-progress', 'A step that moves bytes goes on: at most four times a second.', {
    step: z.string(),
    doneBytes: z
      .number()
      .describe('of a drive that is written: what it has taken, and not what waits in memory'),
    sizeBytes: z.number().describe('what the step moves in all'),
  }),
  event('step-finished', 'A step has ended well.', {
    step: z.string(),
    durationMs,
    detail: z.string().optional().describe('for people'),
  }),
  event('usage', 'What the run and all that it started used since the last such event; every few seconds.', {
    coresBusy: z.number().describe('CPU time by wall time: 1.9 of two cores'),
    memoryBytes: z.number().describe('resident memory of all processes; what is shared counts for each'),
  }),
  event('store-waiting', 'Another run has the store; this one waits for it to end.', {
    store: z.string().describe('its folder'),
    holder: z
      .object({
        pid: z.number(),
        command: z.string(),
        sinceMs: z.number().describe('in milliseconds since 1970'),
      })
      .optional()
      .describe('who has it, as far as is known'),
  }),
  event('note', 'Something that people should know.', {
    level: z.enum(['info', 'warning']),
    message: z.string(),
  }),
  event('problem', 'The run fails, or a command does.', { problem }),
  event('image-finished', 'The image is there.', {
    image: z.string().describe('its path'),
    outcome: z.enum(['built', 'reused']),
    digest: z.string().describe('SHA-256 of its bytes'),
  }),
  event('flash-finished', 'An image is on a drive, all of it was read back, and the drive boots.', {
    image: z.string().describe('its path'),
    drive: z.string().describe('`/dev/sdb`'),
    writtenBytes: z.number().describe('what is in use of the image, with zeros of metadata'),
    writeMs: z.number().describe('until the drive had all of it'),
    readMs: z.number().describe('to read all of it back past the page cache'),
    diskGuid: z.string().describe("the drive's own, as its partition table has it; no other stick has it"),
  }),
  event('summary', 'Where the time of a run went that built something; the last but one.', {
    slowest: z.array(buildTimes).describe('the builds that took longest, the longest first'),
    phases: z
      .array(z.object({ phase: z.string(), durationMs, cpuMs }))
      .describe('time by phase over all builds, the longest first'),
    criticalPath: z.array(criticalStep).describe('which chain of needs ended last, the first build first'),
    busyShare: z
      .number()
      .describe(
        'CPU time by wall time and jobs, from the first start of a build to the last end: 1 is all busy',
      ),
    jobs: z.number().describe('compilers at once'),
  }),
  event('finished', 'The run has ended, whatever came of it; always the last.', {
    ok: z.boolean(),
    built: z.number(),
    reused: z.number(),
    failed: z.number(),
    wallMs: z.number(),
    cpuMs: z.number().describe('CPU time of all builds, in milliseconds'),
  }),
] as const;

/** Every event, in the order of the page. */
export const eventSchema = z.discriminatedUnion('type', [...ofBuilds, ...ofSources, ...ofRuns]);

/** Plain: nothing readonly, and what is optional is absent and never undefined. */
type Plain<Value> = Value extends Digest
  ? Digest
  : Value extends readonly (infer Item)[]
    ? Plain<Item>[]
    : Value extends object
      ? { -readonly [Key in keyof Value]: Plain<Exclude<Value[Key], undefined>> }
      : Value;

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never;

type EventOf<Type extends TimedEvent['type'], Union extends { readonly type: string }> = Plain<
  Extract<Union, { readonly type: Type }>
>;

/** Does not compile where an event of the program and its schema differ; the error names the event. */
export const SAME: {
  readonly [Type in TimedEvent['type'] | z.infer<typeof eventSchema>['type']]: Same<
    EventOf<Type, TimedEvent>,
    EventOf<Type, z.infer<typeof eventSchema>>
  > &
    Same<keyof EventOf<Type, TimedEvent>, keyof EventOf<Type, z.infer<typeof eventSchema>>>;
} = {
  'run-started': true,
  'run-planned': true,
  'action-started': true,
  'phase-started': true,
  'phase-finished': true,
  'action-finished': true,
  'check-finished': true,
  'sources-planned': true,
  'source-started': true,
  'source-progress': true,
  'source-finished': true,
  'origin-failed': true,
  'step-started': true,
  'step-progress': true,
  'step-finished': true,
  usage: true,
  'store-waiting': true,
  note: true,
  problem: true,
  'image-finished': true,
  'flash-finished': true,
  summary: true,
  finished: true,
};
