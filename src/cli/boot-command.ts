import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail, type HostPath, ok, type Result } from '#base';
import {
  ACCEL_CHOICES,
  type AccelChoice,
  asksForPasswordScenario,
  BUSES,
  type Bus,
  bootOnTerminal,
  bootTest,
  DEFAULT_MACHINE,
  FIRMWARES,
  type Firmware,
  growsScenario,
  identityScenario,
  mendsScenario,
  previousKernelScenario,
  reachesLoginScenario,
  remembersScenario,
  rescueScenario,
  type Scenario,
  smokeTest,
  type Verdict,
  verdictLines,
  verdictProblem,
  worksScenario,
} from '#boot';
import { IMAGE_NAME, type ImageManifest, MANIFEST_NAME } from '#manifest';
import { readCache } from '#store';
import { outFolder } from './locations.ts';
import type { Handler } from './run-command.ts';
import type { Session } from './session.ts';

/** The words behind `boot`, as the command line gave them. */
export type BootWords = {
  readonly firmware?: string;
  readonly accel?: string;
  readonly bus?: string;
  readonly memory?: string;
  readonly test?: boolean;
  readonly scenario?: string;
};

/** What `boot --test` does to a stick. `whole` is what every stick must pass; the others are parts and additions. */
const SCENARIOS = [
  'whole',
  'login',
  'grows',
  'identity',
  'mends',
  'rescue',
  'previous-kernel',
  'works',
] as const;
type ScenarioChoice = (typeof SCENARIOS)[number];

/** A small stick, a usual one, and one of the largest. */
const GROWN_DRIVES_GIB = [4, 64, 512];

type Choices = {
  readonly firmware: Firmware | undefined;
  readonly accel: AccelChoice;
  readonly bus: Bus;
  readonly memoryMiB: number;
  readonly scenario: ScenarioChoice;
};

/** `boot [IMAGE]`: the image in QEMU on this terminal, or, with `--test`, judged by what it does. */
export function bootCommand(image: string | undefined, words: BootWords): Handler {
  return async (session) => {
    const choices = readChoices(words);
    if (!choices.ok) return choices;
    const path = image === undefined ? join(outFolder(session.flags.profile), IMAGE_NAME) : resolve(image);
    if (!existsSync(path)) return noImage(path);
    return words.test === true ? test(session, path, choices.value) : show(session, path, choices.value);
  };
}

async function show(session: Session, image: HostPath, choices: Choices): Promise<Result<number>> {
  const { firmware, accel, bus, memoryMiB } = choices;
  const shown = await bootOnTerminal(image, {
    ...(firmware === undefined ? {} : { firmware }),
    accel,
    bus,
    memoryMiB,
    env: programEnvironment(),
    emit: session.emit,
  });
  return shown.ok ? ok(0) : shown;
}

/** Both firmwares that every stick must know, unless one is named. Every one is tried, whatever the others said. */
async function test(session: Session, image: HostPath, choices: Choices): Promise<Result<number>> {
  const firmwares: readonly Firmware[] =
    choices.firmware === undefined ? ['uefi', 'bios'] : [choices.firmware];
  // A profile without an initrd is a test system: it has no login to ask, and says itself that it remembers.
  const isTestSystem = session.project.profile.initrd === null;
  const init = isTestSystem ? ok(undefined) : await digestOfInit(image);
  if (!init.ok) return init;
  const initSha256 = init.value;
  const verdicts: Verdict[] = [];
  for (const firmware of firmwares) {
    const settings = {
      firmware,
      accel: choices.accel,
      bus: choices.bus,
      memoryMiB: choices.memoryMiB,
      env: programEnvironment(),
      logFolder: session.logs,
      emit: session.emit,
      signal: session.signal,
    };
    const verdict = isTestSystem
      ? await smokeTest(image, settings)
      : await bootTest(image, { ...settings, scenarios: scenariosFor(choices, initSha256) });
    if (!verdict.ok) return verdict;
    verdicts.push(verdict.value);
    print(session, verdict.value);
  }
  const problem = verdicts.map(verdictProblem).find((found) => found !== undefined);
  return problem === undefined ? ok(0) : fail(problem);
}

function scenariosFor({ scenario, bus }: Choices, initSha256: string | undefined): readonly Scenario[] {
  switch (scenario) {
    case 'whole':
      return [remembersScenario(initSha256 === undefined ? {} : { initSha256 }), asksForPasswordScenario];
    case 'login':
      return [reachesLoginScenario(bus)];
    case 'grows':
      return GROWN_DRIVES_GIB.map(growsScenario);
    case 'identity':
      return [identityScenario];
    case 'mends':
      return [mendsScenario];
    case 'rescue':
      return [rescueScenario];
    case 'previous-kernel':
      return [previousKernelScenario];
    case 'works':
      return [worksScenario];
  }
}

/** The digest of the init that the image was built with, so that the test knows ours; unknown for a foreign image. */
async function digestOfInit(image: HostPath): Promise<Result<string | undefined>> {
  const path = join(dirname(image), MANIFEST_NAME);
  let damaged = false;
  const manifest = await readCache<ImageManifest>(path, () => {
    damaged = true;
  });
  if (damaged) {
    return fail({
      kind: 'image-failed',
      subject: path,
      message: `${path} is damaged: it does not tell which init the image should have`,
      hint: 'Make it again: blazeneuro build --rebuild image',
    });
  }
  const init = manifest?.files.find((file) => file.path === '/usr/sbin/init');
  return ok(init?.type === 'file' ? init.sha256 : undefined);
}

function print(session: Session, verdict: Verdict): void {
  if (session.flags.json) process.stdout.write(`${JSON.stringify({ type: 'verdict', ...verdict })}\n`);
  else for (const line of verdictLines(verdict)) process.stdout.write(`${line}\n`);
}

/** QEMU and mtools are looked up in the machine's own folders; the terminal's name is theirs to know. */
function programEnvironment(): Record<string, string> {
  const { TERM, HOME } = process.env;
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    ...(TERM === undefined ? {} : { TERM }),
    ...(HOME === undefined ? {} : { HOME }),
  };
}

function readChoices(words: BootWords): Result<Choices> {
  const firmware =
    words.firmware === undefined ? ok(undefined) : oneOf('firmware', words.firmware, FIRMWARES);
  if (!firmware.ok) return firmware;
  const accel = oneOf('accel', words.accel ?? 'auto', ACCEL_CHOICES);
  if (!accel.ok) return accel;
  const bus = oneOf('bus', words.bus ?? DEFAULT_MACHINE.bus, BUSES);
  if (!bus.ok) return bus;
  const memoryMiB = readMemory(words.memory ?? String(DEFAULT_MACHINE.memoryMiB));
  if (!memoryMiB.ok) return memoryMiB;
  const scenario = oneOf('scenario', words.scenario ?? 'whole', SCENARIOS);
  if (!scenario.ok) return scenario;
  return ok({
    firmware: firmware.value,
    accel: accel.value,
    bus: bus.value,
    memoryMiB: memoryMiB.value,
    scenario: scenario.value,
  });
}

/** QEMU itself refuses what its machine cannot have. */
function readMemory(word: string): Result<number> {
  if (/^[1-9]\d{1,6}$/.test(word)) return ok(Number(word));
  return fail({
    kind: 'wrong-usage',
    subject: '--memory',
    message: `--memory does not understand ${word}`,
    hint: 'It is a number of MiB, as 256',
  });
}

function oneOf<Choice extends string>(
  flag: string,
  word: string,
  choices: readonly Choice[],
): Result<Choice> {
  const found = choices.find((choice) => choice === word);
  if (found !== undefined) return ok(found);
  return fail({
    kind: 'wrong-usage',
    subject: `--${flag}`,
    message: `--${flag} does not know ${word}`,
    hint: `Known are: ${choices.join(', ')}`,
  });
}

function noImage(path: HostPath): Result<never> {
  return fail({
    kind: 'not-built',
    subject: path,
    message: `There is no image ${path}`,
    hint: 'Build it: blazeneuro build',
  });
}
