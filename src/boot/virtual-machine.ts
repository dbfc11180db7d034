import type { Duplex } from 'node:stream';
import { fail, ok, type Problem, type Result } from '#base';
import { type ProgramResult, problemOf, startProgram } from '#process';
import type { Machine } from './machine.ts';
import { qemuArgv } from './qemu-argv.ts';
import { openQmp, type Qmp } from './qmp.ts';
import { openSerialConsole, type SerialConsole, type WaitOptions } from './serial-console.ts';

/** The descriptor that QEMU gets its control socket as: the first behind the standard streams. */
const CONTROL_FD = 3;
const SECOND_SERIAL_FD = 4;

/** Time between the end of the serial line and the end of the process, at most. */
const ENDING_MS = 500;

/** A PC that is running in QEMU. */
export type VirtualMachine = {
  readonly console: SerialConsole;
  readonly qmp: Qmp;
  readonly commandLine: string;
  /** Time since QEMU was started. */
  elapsedMs(): number;
  /** Waits for what the guest prints, like its console; when QEMU itself failed, the problem says why. */
  waitFor(pattern: RegExp, options: WaitOptions): Promise<Result<RegExpExecArray>>;
  /** Waits until the guest has powered itself off and QEMU is gone; anything else is a problem. */
  waitForPowerOff(timeLimitMs: number): Promise<Result<undefined>>;
  /** Kills QEMU on the spot; ends when nothing of it is left, and all that it said was heard. */
  cutPower(): Promise<void>;
  /** Ends it, where it still runs. */
  [Symbol.asyncDispose](): Promise<void>;
};

/** How the machine is run; what it is made of is said by `Machine`. */
export type MachineRun = {
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Sees everything that the serial port says. */
  readonly onText?: (text: string) => void;
  /** Gives the machine a second serial port, and sees what is said there. */
  readonly onSecondSerial?: (bytes: Buffer) => void;
};

/** What is said of a machine that is started here; its serial ports and its control are ours. */
export type StartedMachine = Omit<Machine, 'serial' | 'secondSerial' | 'control'>;

/** Switches a machine on: its serial port and its control are pipes of ours, and it dies with us. */
export function startMachine(machine: StartedMachine, run: MachineRun): VirtualMachine {
  const { onSecondSerial } = run;
  const secondSerial = onSecondSerial === undefined ? {} : { secondSerial: { fd: SECOND_SERIAL_FD } };
  const qemu = startProgram({
    argv: qemuArgv({ ...machine, ...secondSerial, serial: { kind: 'stdio' }, control: { fd: CONTROL_FD } }),
    env: run.env,
    stdin: 'pipe',
    stdout: 'pipe',
    extraPipes: onSecondSerial === undefined ? 1 : 2,
    graceMs: 2000,
    dieWithUs: true,
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  const startedAt = performance.now();
  const console = openSerialConsole({
    output: qemu.stdout,
    input: qemu.stdin,
    ...(run.onText === undefined ? {} : { onText: run.onText }),
  });
  const qmp = openQmp(qemu.pipe(CONTROL_FD));
  const heard =
    onSecondSerial === undefined ? undefined : listen(qemu.pipe(SECOND_SERIAL_FD), onSecondSerial);
  return {
    console,
    qmp,
    commandLine: qemu.commandLine,
    waitFor: async (pattern, options) => {
      const match = await console.waitFor(pattern, options);
      if (match.ok) return match;
      const end = await within(ENDING_MS, qemu.ended);
      return end === 'late' || end.succeeded ? match : fail(qemuFailed(end));
    },
    elapsedMs: () => Math.round(performance.now() - startedAt),
    waitForPowerOff: async (timeLimitMs) => {
      const shutdown = await within(timeLimitMs, qmp.event('SHUTDOWN'));
      if (shutdown === 'late') return fail(badEnd(`did not power off within ${timeLimitMs / 1000} s`));
      const end = await within(timeLimitMs, qemu.ended);
      if (end === 'late') return fail(badEnd('powered off, but QEMU did not end'));
      return judgeEnd(end, shutdown?.data?.reason);
    },
    cutPower: async () => {
      if (qemu.pid !== undefined) process.kill(qemu.pid, 'SIGKILL');
      await qemu.ended;
      await heard;
    },
    [Symbol.asyncDispose]: () => qemu[Symbol.asyncDispose](),
  };
}

/** Ends when the other side is gone and all that it said has come. */
function listen(serial: Duplex, onBytes: (bytes: Buffer) => void): Promise<void> {
  const closed = Promise.withResolvers<void>();
  serial.on('data', onBytes);
  // QEMU may be killed at any time.
  for (const end of ['end', 'close', 'error']) serial.once(end, () => closed.resolve());
  return closed.promise;
}

function judgeEnd(end: ProgramResult, reason: string | undefined): Result<undefined> {
  if (!end.succeeded) return fail(qemuFailed(end));
  if (reason === 'guest-shutdown') return ok(undefined);
  return fail(badEnd(reason === 'guest-reset' ? 'restarted itself' : `was ended by ${reason ?? 'nobody'}`));
}

function qemuFailed(end: ProgramResult): Problem {
  if (end.outcome === 'cancelled') return problemOf(end, { kind: 'interrupted', subject: 'QEMU' });
  // 127 is what setpriv exits with when there is no such program.
  const missing = end.exitCode === 127 || end.errorCode === 'ENOENT';
  if (!missing) return problemOf(end, { kind: 'boot-failed', subject: 'QEMU' });
  const hint = 'On Debian and Ubuntu: apt-get install qemu-system-x86';
  return problemOf(end, { kind: 'host-lacks', subject: 'QEMU', hint });
}

function badEnd(how: string) {
  return { kind: 'boot-failed', subject: 'power off', message: `The guest ${how}.` } as const;
}

async function within<Value>(timeLimitMs: number, promise: Promise<Value>): Promise<Value | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, timeLimitMs, 'late');
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
