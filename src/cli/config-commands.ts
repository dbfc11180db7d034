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

const RECIPE_HELP = `
URL is any origin: https://HOST/PATH, mirror://LIST/PATH, apt:SOURCE (the newest version in the Debian archive, or
VERSION), file:PATH. The source is fetched and unpacked in a sandbox, and nothing of it is run. With --config FOLDER
all is written there, and the folder is made if it is missing. Nothing is overwritten.

Examples:
  blazeneuro --config my recipe new tree apt:tree
  blazeneuro --config my recipe new nano https://www.nano-editor.org/dist/v8/nano-8.4.tar.xz
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
  const recipe = program.command('recipe').description('recipes: recipe new');
  recipe
    .command('new')
    .description(
      'begin a package: its pin, a recipe made from what lies in its source, a line in the profile',
    )
    .usage('NAME URL [VERSION]')
    .argument('<name>')
    .argument('<url>')
    .argument('[version]')
    .addHelpText('after', RECIPE_HELP)
    .action((name: string, url: string, version: string | undefined) =>
      run(flags(), async () =>
        (await import('./recipe-new-command.ts')).recipeNewCommand({ name, url, version }),
      ),
    );
}
