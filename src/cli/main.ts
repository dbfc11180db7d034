import { enableCompileCache } from 'node:module';

// Before anything heavy is imported: a no-op build must stay near `node -e 0`.
enableCompileCache();
// Whoever reads our output may have seen enough, as `| head` does: that is no failure.
process.stdout.on('error', (error) => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
  throw error;
});
const argv = process.argv.slice(2);
const { repeatLastLook } = await import('./last-look.ts');
process.exitCode =
  (await repeatLastLook(argv)) ?? (await (await import('./program-line.ts')).runProgramLine(argv));
