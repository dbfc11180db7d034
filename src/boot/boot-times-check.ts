import { failed, type GuestCheck, passed } from './check.ts';

/** What `blazeneuro-boot-times --json` says of the parts that follow each other. */
const PARTS = ['kernelMs', 'initrdMs', 'initMs', 'bootScriptsMs', 'loginMs'] as const;

/** Steps of the clock that it reads. */
const STEP_MS = 10;

/** The system knows where the time of its boot went: every part is there, and together they are the whole. */
export const bootTimesAddUp: GuestCheck = {
  name: 'blazeneuro-boot-times accounts for the whole boot',
  command: 'blazeneuro-boot-times --json && cut -d " " -f 1 /proc/uptime',
  judge: ({ output, exitCode }) => {
    if (exitCode !== 0) return failed(output);
    const [line = '', uptime = ''] = output.split('\n');
    const times = readTimes(line);
    if (times === undefined) return failed(`that is no JSON: ${line}`);
    const lengths = PARTS.map((part) => Number(times[part]));
    const missing = PARTS.filter((_part, at) => !((lengths[at] ?? Number.NaN) > 0));
    if (missing.length > 0) return failed(`nothing known of ${missing.join(', ')}`);
    const whole = Number(times['kernelToLoginMs']);
    const sum = lengths.reduce((total, one) => total + one, 0);
    if (Math.abs(sum - whole) > STEP_MS) return failed(`the parts take ${sum} ms, the whole ${whole} ms`);
    if (whole > Number(uptime) * 1000) return failed(`${whole} ms, and it is up ${uptime} s`);
    return passed(`${whole} ms from the kernel's start to the login`);
  },
};

/** What a guest says may be anything, as when the kernel talks between. */
function readTimes(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
