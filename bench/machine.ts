import { readFile } from 'node:fs/promises';
import { availableParallelism, release, totalmem } from 'node:os';
import { runProgram } from '#process';

/** What figures depend on, without anything that names the machine. */
export type Machine = {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly processor: string;
  /** Versions of what took part, by name. */
  readonly tools: Readonly<Record<string, string>>;
};

/** The facts of this machine; `peers` are further programs whose version matters. */
export async function describeMachine(peers: readonly string[] = []): Promise<Machine> {
  const programs = ['gcc', 'make', ...peers];
  const versions = await Promise.all(programs.map((name) => versionOf([name, '--version'])));
  const tools = Object.fromEntries(programs.map((name, index) => [name, versions[index] ?? 'not here']));
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: release(),
    processor: await processorName(),
    tools: { node: process.version.slice(1), ...tools },
  };
}

/** What a program says its version is: the first number with a dot; `not here` when it cannot be started. */
export async function versionOf(argv: readonly string[]): Promise<string> {
  const result = await runProgram({ argv, env: { PATH: process.env['PATH'] ?? '' }, stderr: 'as-stdout' });
  if (result.outcome === 'not-started') return 'not here';
  return /\d+\.[\w.]+/.exec(result.stdout)?.[0] ?? 'unknown';
}

async function processorName(): Promise<string> {
  const text = await readFile('/proc/cpuinfo', 'utf8');
  return /^model name\s*:\s*(.*)$/m.exec(text)?.[1] ?? 'unknown';
}
