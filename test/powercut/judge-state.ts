import { dirname } from 'node:path';
import type { Problem } from '#base';
import { unwrap } from '#base';
import { copyFirmware, type Firmware, findFirmware, type StartedMachine, startMachine } from '#boot';
import { quickMachine } from './bench.ts';
import { powerOff, reachLogin } from './guest.ts';
import { checkFileSystem } from './judge-drive.ts';
import { PROGRAM_ENV } from './programs.ts';
import type { JudgedDrive, Scenario } from './scenario.ts';

/** What was found of one crash. */
export type Verdict = {
  /** What must not be. */
  readonly violations: readonly string[];
  /** What the boot said of damage that it mended, or could not. */
  readonly complaints: readonly string[];
  readonly promptMs?: number;
};

/** Boots the drive that a crash has left, shuts it down, and looks for all that must be there. */
export async function judgeState(
  scenario: Scenario,
  drive: JudgedDrive,
  firmware: Firmware | undefined,
): Promise<Verdict> {
  const boot = await bootOnce(scenario, drive, await machineFor(drive, firmware));
  if (boot.problem !== undefined) {
    const { message, details = [] } = boot.problem;
    return { violations: [message, ...details], complaints: complaintsIn(boot.transcript) };
  }
  const violations = [
    ...boot.violations,
    ...(await checkFileSystem(drive.path, drive.bench.rootOffsetBytes)),
    ...(await scenario.judge(drive)),
  ];
  return { violations, complaints: complaintsIn(boot.transcript), promptMs: boot.promptMs };
}

type Boot = { readonly transcript: string } & (
  | { readonly problem: Problem }
  | { readonly problem?: undefined; readonly promptMs: number; readonly violations: readonly string[] }
);

async function bootOnce(scenario: Scenario, { base }: JudgedDrive, machine: StartedMachine): Promise<Boot> {
  await using running = startMachine(machine, { env: PROGRAM_ENV });
  const transcript = () => running.console.transcript();
  const login = await reachLogin(running, base.password);
  if (!login.ok) return judged(login.problem, transcript());
  const { shell, promptMs } = login.value;
  const violations: string[] = [];
  for (const command of [ROOT_IS_WRITABLE, ...(scenario.lastWord === undefined ? [] : [scenario.lastWord])]) {
    const answer = await shell.run(command, { timeLimitMs: COMMAND_TIME_LIMIT_MS });
    if (!answer.ok) return judged(answer.problem, transcript());
    if (answer.value.exitCode !== 0) violations.push(`${command}: ${answer.value.output}`);
  }
  const end = await powerOff(running);
  if (!end.ok) return judged(end.problem, transcript());
  return { promptMs, violations, transcript: transcript() };
}

const COMMAND_TIME_LIMIT_MS = 240_000;
const ROOT_IS_WRITABLE = 'grep -E "^[^ ]+ / ext4 rw[, ]" /proc/mounts';

/** What is wrong with this machine and not with the drive is no verdict. */
function judged(problem: Problem, transcript: string): Boot {
  if (problem.kind !== 'boot-failed') throw new Error(problem.message);
  return { problem, transcript };
}

async function machineFor(
  { bench, path }: JudgedDrive,
  firmware: Firmware | undefined,
): Promise<StartedMachine> {
  const { kernel, ...machine } = quickMachine(bench, { path, format: 'raw', forgetful: false });
  if (firmware === undefined) return { ...machine, ...(kernel === undefined ? {} : { kernel }) };
  const template = unwrap(await findFirmware(firmware));
  return { ...machine, bus: 'usb', firmware: await copyFirmware(template, dirname(path)) };
}

/** Lines of the boot about damage. */
function complaintsIn(transcript: string): string[] {
  const lines = transcript.split('\n').map((line) => line.trim());
  return lines.filter((line) => /\[FAIL\]|mended|EXT4-fs (?:error|warning)|blk_update_request/.test(line));
}
