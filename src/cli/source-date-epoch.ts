import { fail, ok, type Result } from '#base';
import { DEFAULT_SOURCE_DATE_EPOCH } from '#recipe';

/** SOURCE_DATE_EPOCH, in seconds since 1970; it enters every key. Problem: it is no such number. */
export function sourceDateEpoch(env: NodeJS.ProcessEnv): Result<number> {
  const text = env['SOURCE_DATE_EPOCH'];
  if (text === undefined || text === '') return ok(DEFAULT_SOURCE_DATE_EPOCH);
  // Ten digits reach to the year 2286; file systems of images end before that.
  if (/^\d{1,10}$/.test(text)) return ok(Number(text));
  return fail({
    kind: 'wrong-usage',
    subject: 'SOURCE_DATE_EPOCH',
    message: `SOURCE_DATE_EPOCH is ${text}, which is no number of seconds since 1970`,
    hint: 'Take it out of the environment, or set it to a whole number, such as the output of: date +%s',
  });
}
