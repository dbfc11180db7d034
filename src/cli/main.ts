import { enableCompileCache } from 'node:module';

// Before anything heavy is imported: a no-op build must stay near `node -e 0`.
enableCompileCache();
const { runProgramLine } = await import('./program-line.ts');
process.exitCode = await runProgramLine(process.argv.slice(2));
