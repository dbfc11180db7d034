import type { Command } from 'commander';
import type { Flags } from './flags.ts';
import type { Run } from './program-line.ts';

/** The commands that deal with sticks. */
export function addDriveCommands(program: Command, flags: () => Flags, run: Run): void {
  program
    .command('drives')
    .description('the drives that may be written, with what is on them, and why the others may not')
    .action(() => run(flags(), async () => (await import('./drives-command.ts')).drivesCommand()));
  program
    .command('flash')
    .description('write an image to a drive, read all of it back, and only then let it boot')
    .argument('<image>', 'as it was built, or packed by zstd, xz or gzip')
    .argument('<drive>', 'such as sdb or /dev/sdb: blazeneuro drives')
    .option('--serial <serial>', 'the serial of the drive: instead of being asked, with --yes')
    .option('--check-digest', 'read the whole image first, and compare it with the digest in its manifest')
    .action((image, drive, options) =>
      run(
        flags(),
        async () => (await import('./flash-command.ts')).flashCommand(image, drive, options),
        flags().dryRun ? 'question' : 'flash',
      ),
    );
  program
    .command('verify')
    .description('compare an image or a stick with the manifest that it was built from')
    .argument('<image|drive>')
    .option('--manifest <file>', "the manifest; by default the one beside an image, or the profile's own")
    .action((path, options) =>
      run(flags(), async () => (await import('./verify-command.ts')).verifyCommand(path, options.manifest)),
    );
}
