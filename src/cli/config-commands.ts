import type { Command } from 'commander';
import type { Flags } from './flags.ts';
import type { Run } from './program-line.ts';

const PIN_HELP = `
URL is any origin: https://HOST/PATH, mirror://LIST/PATH, apt:SOURCE=VERSION/FILE, file:PATH, or apt:SOURCE for the
newest version in the Debian archive. Without URL, all origins of NAME are asked for VERSION; without VERSION, for the
same one again.

Examples:
  blazeneuro pin tree apt:tree                      a new source, as Debian's archive has it
  blazeneuro pin grep 3.12                          another version, from the same origins
  blazeneuro pin grep                               the same version again: are the bytes still the same?
  blazeneuro pin --check                            newer versions of all sources

An origin that does not give the new version, and bytes that changed without a new version, take --yes.
`;

/** Commands that edit config/, or the overlay of --config. */
export function addConfigCommands(program: Command, flags: () => Flags, run: Run): void {
  program
    .command('pin')
    .description('add or refresh a source in packages.list, with its digest; --check: list newer versions')
    .usage('NAME [VERSION] [URL] | --check [NAME…]')
    .argument('[words...]')
    .addHelpText('after', PIN_HELP)
    .action((words: string[]) =>
      // Everywhere else --check means the packages' own tests, so that the program itself reads it.
      run(flags(), async () =>
        flags().check
          ? (await import('./pin-check-command.ts')).pinCheckCommand(words)
          : (await import('./pin-command.ts')).pinCommand(words),
      ),
    );
}
