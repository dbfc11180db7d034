/**
 * Starts an image in QEMU, talks to it, and judges it. Not a place that knows how an image is made.
 * Invariant: the image that is tested or shown is only read; everything is written to copies of it.
 */
export { type AccelProbe, chooseAccel, probeAccel } from './accel.ts';
export type { Bench, Scenario } from './bench.ts';
export { bootOnTerminal, HOW_TO_LEAVE, type TerminalOptions } from './boot-on-terminal.ts';
export { type BootTestOptions, bootTest, smokeTest } from './boot-test.ts';
export type { CheckResult, Expectations, GuestCheck, Judgement } from './check.ts';
export { directKernel } from './direct-kernel.ts';
export { copyFirmware, type FirmwareTemplate, findFirmware } from './firmware-files.ts';
export { growsScenario } from './grows-scenario.ts';
export { type GuestShell, logIn } from './guest-shell.ts';
export { identityScenario } from './identity-scenario.ts';
export { asksForPasswordScenario, remembersScenario } from './login-scenarios.ts';
export {
  ACCEL_CHOICES,
  type Accel,
  type AccelChoice,
  BUSES,
  type Bus,
  DEFAULT_MACHINE,
  type DirectKernel,
  FIRMWARES,
  type Firmware,
  type Machine,
  type SecondDrive,
} from './machine.ts';
export { mendsScenario } from './mends-scenario.ts';
export { previousKernelScenario } from './previous-kernel-scenario.ts';
export { qemuArgv } from './qemu-argv.ts';
export { reachesLoginScenario } from './reaches-login-scenario.ts';
export { rescueScenario } from './rescue-scenario.ts';
export { sha512Crypt } from './sha512-crypt.ts';
export { smokeScenario } from './smoke-scenario.ts';
export {
  copyImage,
  espHolds,
  lookAtStick,
  putOnEsp,
  readFromEsp,
  type ThrowAwayStick,
} from './throw-away-stick.ts';
export { twoSticksScenario } from './two-sticks-scenario.ts';
export { type ScenarioResult, type Timing, type Verdict, verdictLines, verdictProblem } from './verdict.ts';
export { type StartedMachine, startMachine, type VirtualMachine } from './virtual-machine.ts';
export { worksScenario } from './works/works-scenario.ts';
