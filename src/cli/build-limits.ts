import { fail, ok, type Result } from '#base';
import { type BuildLimits, defaultLimits } from '#build';

const SETTINGS = {
  time: 'timeMs',
  memory: 'memoryBytes',
  processes: 'processes',
  file: 'fileBytes',
  output: 'outputBytes',
  unpacked: 'unpackedBytes',
  entries: 'unpackedEntries',
} as const satisfies Record<string, keyof BuildLimits>;

/** What a number may end in; times count in milliseconds here, sizes in bytes. */
const UNITS: Readonly<Record<keyof BuildLimits, Readonly<Record<string, number>>>> = {
  timeMs: { s: 1000, min: 60_000, h: 3600_000 },
  memoryBytes: { M: 1024 ** 2, G: 1024 ** 3 },
  processes: { '': 1 },
  fileBytes: { M: 1024 ** 2, G: 1024 ** 3 },
  outputBytes: { M: 1024 ** 2, G: 1024 ** 3 },
  unpackedBytes: { M: 1024 ** 2, G: 1024 ** 3 },
  unpackedEntries: { '': 1 },
};

/** BLAZENEURO_LIMITS, over the defaults: `time=12h memory=30G`. Problem: it says what is no limit. */
export function buildLimits(env: NodeJS.ProcessEnv): Result<BuildLimits> {
  const limits: { -readonly [Name in keyof BuildLimits]: number } = { ...defaultLimits() };
  for (const word of (env['BLAZENEURO_LIMITS'] ?? '').split(/\s+/).filter((one) => one !== '')) {
    const [, setting = '', number = '', unit = ''] = /^(\w+)=(\d{1,9})(\w*)$/.exec(word) ?? [];
    const name = isSetting(setting) ? SETTINGS[setting] : undefined;
    const factor = name === undefined ? undefined : UNITS[name][unit];
    if (name === undefined || factor === undefined || Number(number) === 0) return notALimit(word);
    limits[name] = Number(number) * factor;
  }
  return ok(limits);
}

function isSetting(text: string): text is keyof typeof SETTINGS {
  return Object.hasOwn(SETTINGS, text);
}

function notALimit(word: string): Result<never> {
  return fail({
    kind: 'wrong-usage',
    subject: 'BLAZENEURO_LIMITS',
    message: `BLAZENEURO_LIMITS has ${word} in it, which is no limit`,
    hint: 'It is words such as: time=6h memory=20G processes=4096 file=16G output=32G unpacked=8G entries=1000000 (s, min, h; M, G)',
  });
}
