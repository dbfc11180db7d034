/** What to run, and how. Everything the program sees is said here: nothing is taken over silently. */
export type Program = {
  /** The program and its arguments, never through a shell. A bare name is looked up in the `PATH` of `env`. */
  readonly argv: readonly string[];
  /** The whole environment, exactly. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: nothing to read. */
  readonly stdin?: 'ignore' | 'inherit' | InputText | InputFile | OpenFile;
  /** Default: captured, as UTF-8. */
  readonly stdout?: Output;
  /** Default: captured, as UTF-8. `as-stdout` sends it wherever stdout goes. */
  readonly stderr?: Output | 'as-stdout';
  /** Our descriptors that the program gets as 3, 4, …: a jobserver, a filter. They stay open here. */
  readonly extraFds?: readonly number[];
  /** Longest time to run; after it the program is stopped. */
  readonly timeLimitMs?: number;
  /** Stops the program when it is aborted. */
  readonly signal?: AbortSignal;
  /** Time between SIGTERM and SIGKILL when it is stopped. Default 5 s. */
  readonly graceMs?: number;
  /** Most that is captured of one stream; a program that says more is stopped. Default 64 MiB. */
  readonly captureLimitBytes?: number;
  /**
   * Stays in our process group, so that it may read the terminal, and Ctrl-C reaches it.
   * Then only the program itself is ended, not its descendants.
   */
  readonly foreground?: boolean;
  /** Is killed by the kernel when this process dies, even of SIGKILL: for what would go on for ever without us. */
  readonly dieWithUs?: boolean;
};

/** A program that we talk to while it runs: its streams may be pipes of ours as well. */
export type LiveProgram = Omit<Program, 'stdin' | 'stdout' | 'stderr'> & {
  readonly stdin?: Program['stdin'] | 'pipe';
  readonly stdout?: Output | 'pipe';
  readonly stderr?: Output | 'pipe' | 'as-stdout';
  /** So many pipes, both ways, behind the `extraFds`. */
  readonly extraPipes?: number;
};

/** What the program reads from stdin. */
export type InputText = { readonly text: string | Uint8Array };

/** A file that stdin is read from. */
export type InputFile = { readonly path: string };

/** A descriptor of ours that the program uses directly; it stays open here. */
export type OpenFile = { readonly fd: number };

/** Where output goes: into the result, to our own stream, nowhere, to an open file, or to a file by path. */
export type Output = 'capture' | 'inherit' | 'ignore' | OpenFile | OutputFile;

/** A file that output is written to, from its start unless `append` is set. */
export type OutputFile = { readonly path: string; readonly append?: boolean };

/** How a program ended. */
export type ProgramOutcome =
  | 'exited'
  /** By a signal that did not come from us. */
  | 'killed'
  | 'timed-out'
  /** By its `signal`, or by `stop()`. */
  | 'cancelled'
  | 'too-much-output'
  /** There is no such program, or it may not be run. */
  | 'not-started';

/** What became of a program, as data. No process of its group is left when there is one (unless `foreground`). */
export type ProgramResult = {
  readonly argv: readonly string[];
  /** The argv, quoted for a shell. */
  readonly commandLine: string;
  readonly outcome: ProgramOutcome;
  /** It ran to its end and said 0. */
  readonly succeeded: boolean;
  /** Set when it exited by itself. */
  readonly exitCode?: number;
  /** Set when a signal ended it. */
  readonly signalName?: string;
  /** Why it was not started, as an error code: `ENOENT`. */
  readonly errorCode?: string;
  /** What was captured; empty when the stream went elsewhere. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** User and system time of the program and of all descendants it waited for; to 10 ms. */
  readonly cpuMs: number;
};
