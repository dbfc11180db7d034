import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ORIGIN_KINDS, type OriginKind } from '#recipe';
import { addConfigCommands } from './config-commands.ts';
import { addDriveCommands } from './drive-commands.ts';
import type { EditCommand } from './edit-session.ts';
import { DEFAULT_PROFILE, type Flags } from './flags.ts';
import { programVersion } from './locations.ts';
import { parseOrigins } from './parse-origins.ts';
import { type Handler, runCommand } from './run-command.ts';
import { defaultJobs } from './session.ts';
import type { CommandKind } from './told-run.ts';

/** Runs one command line and gives its exit code; see the table in README.md. */
export async function runProgramLine(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = makeProgram(async (flags, load, kind = 'question') => {
    exitCode = await runCommand(flags, await load(), kind);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end with 0; whatever else commander stops at is wrong usage.
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

const HELP_END = `
Examples:
  blazeneuro build                     the image, and everything that it takes
  blazeneuro build final/grep          one build, with what it needs
  blazeneuro why final/grep            which change makes it necessary
  blazeneuro --trace t.json build      where the time goes, for Perfetto

After a failure: blazeneuro shell BUILD, blazeneuro log BUILD; see docs/debugging.md.
Environment: BLAZENEURO_STORE (by default ~/.cache/blazeneuro), NO_COLOR, SOURCE_DATE_EPOCH.
Exit codes: 0 done, 1 a build, verification or test failed, 2 wrong usage, 3 the machine lacks
something, 4 refused for safety, 130 interrupted.
`;

type Load = () => Promise<Handler | EditCommand>;
export type Run = (flags: Flags, load: Load, kind?: CommandKind) => Promise<void>;

/** Handlers are imported when their command runs: what a command does not need is not loaded. */
function makeProgram(run: Run): Command {
  const program = new Command('blazeneuro')
    .description(
      'Builds a whole Linux distribution from source and puts it on a stick that remembers everything',
    )
    .option('--profile <name>', 'what goes into the image', DEFAULT_PROFILE)
    .option('--config <folder>', 'overlay folder with packages.list, recipes/, profiles/')
    .option('--jobs <n>', 'compilers at once', parseCount, defaultJobs())
    .option('--keep-going', 'after a failure, build what does not need it')
    .option('--one-by-one', 'no two builds side by side; each has all jobs')
    .option('--offline', 'use no network')
    .option(
      '--origins <kinds>',
      `where sources may come from, first choice first: ${ORIGIN_KINDS.join(',')}`,
      readOrigins,
    )
    .option('--check', "run the packages' own tests")
    .option('--rebuild <target>', 'build again although the store has it (repeatable)', collect, [])
    .option('--trace <file>', "write the run as a trace in Chrome's format: ui.perfetto.dev opens it")
    .option('--dry-run', 'say what would be done')
    .option('--yes', 'ask nothing')
    .option('--json', 'one JSON event a line on stdout: docs/events.md')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'failures and results only')
    .option('-v, --verbose', 'also phases, what came from the store, and each origin that failed')
    .addHelpText('after', HELP_END)
    .version(programVersion())
    .exitOverride()
    .showHelpAfterError('(see: blazeneuro --help)');
  const flags = (): Flags => readFlags(program.opts());
  addBuildCommands(program, flags, run);
  addDriveCommands(program, flags, run);
  addConfigCommands(program, flags, run);
  addQuestions(program, flags, run);
  addStoreCommands(program, flags, run);
  return program;
}

function addBuildCommands(program: Command, flags: () => Flags, run: Run): void {
  program
    .command('build')
    .description(
      'build targets: image (default), a stage (prepare … system, or 1 to 5), or a build (final/grep)',
    )
    .argument('[targets...]')
    .action((targets: string[]) =>
      run(
        flags(),
        async () => (await import('./build-command.ts')).buildCommand(targets),
        flags().dryRun ? 'question' : 'run',
      ),
    );
  program
    .command('fetch')
    .description('fetch and verify sources (all by default)')
    .argument('[names...]')
    .option('--bundle <file>', 'write them into one archive; with --offline, take them out of it')
    .option('--copyleft', 'only those whose licence asks that the source is offered')
    .action((names, options) =>
      run(flags(), async () => (await import('./fetch-command.ts')).fetchCommand(names, options)),
    );
  program
    .command('boot')
    .description('boot the image in QEMU on this terminal')
    .argument('[image]')
    .option('--firmware <name>', 'uefi, uefi32 or bios')
    .option('--accel <name>', 'auto, kvm or tcg', 'auto')
    .option('--bus <name>', 'usb, ehci, sd, nvme, sata, ide, virtio or scsi', 'usb')
    .option('--memory <MiB>', 'memory of the machine', '512')
    .option(
      '--scenario <name>',
      'with --test: whole, login, grows, identity, mends, rescue, previous-kernel or works',
      'whole',
    )
    .option('--test', 'run the boot test and exit with its verdict; both firmwares unless one is named')
    .action((image, options) =>
      run(flags(), async () => (await import('./boot-command.ts')).bootCommand(image, options)),
    );
  program
    .command('shell')
    .description('a shell in the sandbox of a build that failed, as it was')
    .argument('<build>')
    .action((build) => run(flags(), async () => (await import('./shell-command.ts')).shellCommand(build)));
}

function addQuestions(program: Command, flags: () => Flags, run: Run): void {
  program
    .command('plan')
    .description('the graph, without building')
    .argument('[targets...]')
    .option('--dot', 'as a Graphviz graph')
    .action((targets, options) =>
      run(flags(), async () =>
        (await import('./plan-command.ts')).planCommand(targets, options.dot === true),
      ),
    );
  program
    .command('status')
    .description('every stage and build: done, failed, to do; and the time that is left')
    .action(() => run(flags(), async () => (await import('./status-command.ts')).statusCommand()));
  program
    .command('why')
    .description('why a build has to be built: which input of which build changed since its last artifact')
    .argument('<build>')
    .action((build) => run(flags(), async () => (await import('./why-command.ts')).whyCommand(build)));
  program
    .command('log')
    .description('what the last run of a build said')
    .argument('<build>')
    .action((build) => run(flags(), async () => (await import('./log-command.ts')).logCommand(build)));
  program
    .command('files')
    .description('the files of an artifact')
    .argument('<build>')
    .action((build) => run(flags(), async () => (await import('./files-command.ts')).filesCommand(build)));
  program
    .command('owner')
    .description('which build a file of the image came from')
    .argument('<path>')
    .action((path) => run(flags(), async () => (await import('./owner-command.ts')).ownerCommand(path)));
  program
    .command('sbom')
    .description('what an image consists of: packages, sources, licences, as CycloneDX on stdout')
    .argument('[image]')
    .option('--output <folder>', "write it into a folder, with the texts of the packages' licences")
    .action((image, options) =>
      run(flags(), async () => (await import('./sbom-command.ts')).sbomCommand(image, options.output)),
    );
  program
    .command('doctor')
    .description('check the host, and say how to mend it')
    .action(() => run(flags(), async () => (await import('./doctor-command.ts')).doctorCommand()));
}

function addStoreCommands(program: Command, flags: () => Flags, run: Run): void {
  const store = program.command('store').description('the store itself: store verify');
  store
    .command('verify')
    .description('check every entry of the store by content')
    .option('--repair', 'set what is damaged aside, so that the next build makes it anew')
    .action((options) =>
      run(flags(), async () =>
        (await import('./store-command.ts')).storeVerifyCommand(options.repair === true),
      ),
    );
  program
    .command('gc')
    .description('remove from the store what no plan needs and nobody used for two weeks')
    .option('--max-size <size>', 'remove the least recently used until it takes no more, such as 800M or 2G')
    .action((options) =>
      run(flags(), async () => (await import('./gc-command.ts')).gcCommand(options.maxSize)),
    );
}

function readFlags(options: Record<string, unknown>): Flags {
  return {
    profile: String(options['profile']),
    config: options['config'] === undefined ? undefined : String(options['config']),
    jobs: Number(options['jobs']),
    keepGoing: options['keepGoing'] === true,
    oneByOne: options['oneByOne'] === true,
    offline: options['offline'] === true,
    origins: options['origins'] as readonly OriginKind[] | undefined,
    check: options['check'] === true,
    rebuild: options['rebuild'] as readonly string[],
    trace: options['trace'] === undefined ? undefined : String(options['trace']),
    dryRun: options['dryRun'] === true,
    yes: options['yes'] === true,
    json: options['json'] === true,
    color: options['color'] !== false,
    quiet: options['quiet'] === true,
    verbose: options['verbose'] === true,
  };
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of 1 or more.');
  return Number(text);
}

function readOrigins(text: string): readonly OriginKind[] {
  const origins = parseOrigins(text);
  if (origins === undefined) {
    throw new InvalidArgumentError(`Expected some of ${ORIGIN_KINDS.join(',')}, each once.`);
  }
  return origins;
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
