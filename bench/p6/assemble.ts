/** Assembles an image as the program does, from the request in the file that is named. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Assembly } from './assembly.ts';

// As the program does it, before anything heavy is imported.
enableCompileCache();
const { unwrap } = await import('#base');
const { openTools, sandboxHost } = await import('#cli');
const { assembleImage } = await import('#image');

const [path = ''] = process.argv.slice(2);
const request = JSON.parse(await readFile(path, 'utf8')) as Assembly;
const { input, toolLayers, artifactsFolder, scratchFolder, outFolder } = request;
const treePath = (artifact: string): string => join(artifactsFolder, artifact, 'tree');
await mkdir(scratchFolder, { recursive: true });
const runTools = await openTools(
  { store: { treePath }, sourceDateEpoch: input.sourceDateEpoch, signal: new AbortController().signal },
  unwrap(await sandboxHost({ storeRoot: artifactsFolder })),
  toolLayers,
  scratchFolder,
);
unwrap(await assembleImage(input, { runTools, treePath, scratchFolder, outFolder }));
await rm(scratchFolder, { recursive: true });
