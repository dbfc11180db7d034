import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOutcome, type ProgramResult, runProgram } from '#process';
import type { Accel, AccelChoice } from './machine.ts';
import { PROBE_EXIT_CODE, probeDrive } from './probe-sector.ts';

/**
 * A working KVM needs a tenth of a second. One that needs seconds for a boot sector (guests within guests within
 * guests, seen in clouds) is slower than no KVM, and would take minutes for a kernel.
 */
const PROBE_TIME_LIMIT_MS = 2000;

/** What was found about one way to run guests. `reason` says why it cannot be used. */
export type AccelProbe = { readonly works: boolean; readonly reason: string };

/** Settles `auto`, and says why when that is not KVM. What was asked for by name is taken as it is. */
export async function chooseAccel(
  choice: AccelChoice,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly accel: Accel; readonly reason: string }> {
  if (choice !== 'auto') return { accel: choice, reason: 'as asked for' };
  const kvm = await probeAccel('kvm', env);
  return { accel: kvm.works ? 'kvm' : 'tcg', reason: kvm.reason };
}

/**
 * Starts a tiny guest and waits for its answer: that /dev/kvm is there says nothing, it may hang or crash.
 * Nothing is remembered, since the answer changes with permissions, load and the machine a checkout is moved to.
 */
export async function probeAccel(accel: Accel, env: Readonly<Record<string, string>>): Promise<AccelProbe> {
  const folder = await mkdtemp(join(tmpdir(), 'blazeneuro-probe-'));
  try {
    const drivePath = join(folder, 'probe.img');
    await writeFile(drivePath, probeDrive());
    return judgeProbe(accel, await runProgram(probeProgram(accel, drivePath, env)));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function probeProgram(accel: Accel, drivePath: string, env: Readonly<Record<string, string>>) {
  // The processor must be the one that the real machine gets: some KVMs fail on the features of `host` only.
  const cpu = accel === 'kvm' ? 'host' : 'qemu64,+rdrand';
  const argv = [
    ...['qemu-system-x86_64', '-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-machine', 'q35', '-accel', accel, '-cpu', cpu, '-m', '64'],
    ...['-drive', `if=none,id=stick,format=raw,file=${drivePath.replaceAll(',', ',,')}`],
    ...['-device', 'ide-hd,bus=ide.0,drive=stick,bootindex=0'],
    ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04'],
  ];
  return { argv, env, timeLimitMs: PROBE_TIME_LIMIT_MS, graceMs: 500, dieWithUs: true };
}

/** What the end of the probe says. */
export function judgeProbe(accel: Accel, result: ProgramResult): AccelProbe {
  if (result.exitCode === PROBE_EXIT_CODE) return { works: true, reason: `${accel} runs guests` };
  const complaint = result.stderr.trim().split('\n').at(-1) ?? '';
  const reason = complaint === '' ? describeOutcome(result) : complaint;
  return { works: false, reason: `${accel} does not run guests: ${reason}` };
}
