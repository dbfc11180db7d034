import { enableCompileCache } from 'node:module';

// Before anything heavy is imported: a no-op build must stay near `node -e 0`.
enableCompileCache();
// Whoever reads our output may have seen enough, as `| head` does: that is no failure.
process.stdout.on('error', (error) => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
  throw error;
});
const { runProgramLine } = await import('./program-line.ts');
process.exitCode = await runProgramLine(process.argv.slice(2));
