import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fail, type HostPath, ok, ProblemError, type Result, unwrap } from '#base';
import type { Emit } from '#event';
import { chooseAccel } from './accel.ts';
import type { Bench, BenchRecord, Scenario } from './bench.ts';
import { copyFirmware, type FirmwareTemplate, findFirmware } from './firmware-files.ts';
import { asksForPasswordScenario, remembersScenario } from './login-scenarios.ts';
import { type Accel, type AccelChoice, type Bus, DEFAULT_MACHINE, type Firmware } from './machine.ts';
import { smokeScenario } from './smoke-scenario.ts';
import { copyImage, growToCard } from './throw-away-stick.ts';
import type { ScenarioResult, Verdict } from './verdict.ts';
import { type StartedMachine, startMachine } from './virtual-machine.ts';

/** How an image is tested. */
export type BootTestOptions = {
  readonly firmware: Firmware;
  readonly bus?: Bus;
  readonly accel?: AccelChoice;
  readonly memoryMiB?: number;
  readonly scenarios?: readonly Scenario[];
  /** For QEMU, mtools, cp and sfdisk. */
  readonly env: Readonly<Record<string, string>>;
  /** The serial log becomes `boot-<firmware>.log` in this folder, with the bus where that is not USB. */
  readonly logFolder: HostPath;
  readonly emit?: Emit;
  readonly signal?: AbortSignal;
};

/** Boots copies of an image and judges what they do. The image itself is only read. */
export async function bootTest(image: HostPath, options: BootTestOptions): Promise<Result<Verdict>> {
  const { firmware, bus = DEFAULT_MACHINE.bus, env, emit = () => {} } = options;
  const template = await findFirmware(firmware);
  if (!template.ok) return template;
  const { accel, reason } = await chooseAccel(options.accel ?? 'auto', env);
  emit({ type: 'note', level: 'info', message: `boot test under ${firmware} by ${accel}: ${reason}` });

  await mkdir(options.logFolder, { recursive: true });
  const where = bus === DEFAULT_MACHINE.bus ? firmware : `${firmware}-${bus}`;
  const logPath = join(options.logFolder, `boot-${where}.log`);
  const log = createWriteStream(logPath);
  const scenarios: ScenarioResult[] = [];
  try {
    for (const scenario of options.scenarios ?? [remembersScenario(), asksForPasswordScenario]) {
      const result = await runScenario(scenario, {
        image,
        template: template.value,
        bus,
        accel,
        log,
        emit,
        options,
      });
      if (!result.ok) return result;
      scenarios.push(result.value);
    }
  } finally {
    log.end();
    await finished(log);
  }
  const passed = scenarios.every((scenario) => scenario.passed);
  return ok({ image, firmware, bus, accel, passed, scenarios, log: logPath });
}

/** The test of a system without logins, such as the tiny one of `npm test`: see `smokeScenario`. */
export function smokeTest(
  image: HostPath,
  options: Omit<BootTestOptions, 'scenarios'> & { readonly pattern?: RegExp },
): Promise<Result<Verdict>> {
  return bootTest(image, { ...options, scenarios: [smokeScenario(options.pattern)] });
}

type Setting = {
  readonly image: HostPath;
  readonly template: FirmwareTemplate | null;
  readonly bus: Bus;
  readonly accel: Accel;
  readonly log: WriteStream;
  readonly emit: Emit;
  readonly options: BootTestOptions;
};

async function runScenario(scenario: Scenario, setting: Setting): Promise<Result<ScenarioResult>> {
  const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-boot-'));
  const record: BenchRecord = { checks: [], timings: [] };
  try {
    await scenario.run(await setUpBench(folder, scenario.name, setting, record));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // What the image cannot be blamed for is no verdict on it.
    if (error.problem.kind !== 'boot-failed') return fail(error.problem);
    if (setting.options.signal?.aborted === true) return fail({ ...error.problem, kind: 'interrupted' });
    record.problem = error.problem;
  } finally {
    await rm(folder, { recursive: true });
  }
  const passed =
    record.problem === undefined && record.checks.length > 0 && record.checks.every((check) => check.passed);
  return ok({ scenario: scenario.name, passed, ...record });
}

async function setUpBench(
  folder: string,
  name: string,
  setting: Setting,
  record: BenchRecord,
): Promise<Bench> {
  const { env, firmware, signal } = setting.options;
  const { log, emit } = setting;
  const stick = unwrap(await copyImage(setting.image, folder, env));
  if (setting.bus === 'sd') await growToCard(stick);
  const machine: StartedMachine = {
    ...DEFAULT_MACHINE,
    firmware: await copyFirmware(setting.template, folder),
    bus: setting.bus,
    accel: setting.accel,
    memoryMiB: setting.options.memoryMiB ?? DEFAULT_MACHINE.memoryMiB,
    drive: { path: stick.path, format: 'raw', forgetful: false },
    endsOnReboot: true,
  };
  return {
    stick,
    env,
    folder,
    switchOn: ({ stick: other, secondDrive, network = machine.network } = {}) => {
      const onText = (text: string) => void log.write(text);
      const inserted = {
        ...machine,
        drive: { ...machine.drive, path: (other ?? stick).path },
        network,
        ...(secondDrive === undefined ? {} : { secondDrive }),
      };
      const started = startMachine(inserted, { env, onText, ...(signal === undefined ? {} : { signal }) });
      log.write(`\n=== ${name}\n$ ${started.commandLine}\n`);
      return started;
    },
    step: async (step, act) => {
      const title = `${firmware}: ${name}: ${step}`;
      const startedAt = performance.now();
      emit({ type: 'step-started', step: title });
      const value = await act();
      emit({ type: 'step-finished', step: title, durationMs: Math.round(performance.now() - startedAt) });
      return value;
    },
    record: (check) => void record.checks.push(check),
    time: (timing) => void record.timings.push(timing),
  };
}
