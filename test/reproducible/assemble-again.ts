/**
 * Assembles an image as the program does, from what the file that is named asks for: it runs in surroundings that are
 * not as they were the first time. Prints where the image is, and what was seen of the surroundings.
 */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, type HostPath, unwrap } from '#base';
import { openTools, sandboxHost } from '#cli';
import { assembleImage, type ImageContext } from '#image';
import { type AssemblyAnswer, readRequest } from './image-request.ts';
import { lookAround } from './seen.ts';

const CLOCK_FILE = 'clock-of-the-tools';
const CLOCK_LIBRARY = 'other-clock.so';

const [requestPath = ''] = process.argv.slice(2);
const request = await readRequest(requestPath);
const { input, artifactsFolder, toolsFolder, scratchFolder, outFolder, surroundings } = request;
const toolClocks: number[] = [];

const treeIn = (folder: HostPath) => (artifact: Digest) => join(folder, artifact, 'tree');
await mkdir(scratchFolder, { recursive: true });
const runTools = await openTools(
  {
    store: { treePath: treeIn(toolsFolder) },
    sourceDateEpoch: input.sourceDateEpoch,
    signal: new AbortController().signal,
  },
  unwrap(await sandboxHost({ storeRoot: artifactsFolder })),
  request.toolLayers,
  scratchFolder,
);
const seen = await lookAround(scratchFolder, toolClocks);
const image = await assembleImage(input, {
  runTools: surroundings.clockDays === undefined ? runTools : atAnotherTime(runTools, surroundings.clockDays),
  treePath: treeIn(artifactsFolder),
  scratchFolder,
  outFolder,
});
if (image.ok) {
  const { imagePath, manifestPath } = image.value;
  const answer: AssemblyAnswer = { imagePath, manifestPath, seen };
  process.stdout.write(JSON.stringify(answer));
} else {
  const { message, details = [] } = image.problem;
  // The first is the command line of a sandbox, which is long.
  process.stderr.write(`${[message, ...details.slice(1)].join('\n')}\n`);
  process.exitCode = 1;
}

/** The tools' sandbox lets nothing of our surroundings in: their clock is put there by the script. */
function atAnotherTime(run: ImageContext['runTools'], days: number): ImageContext['runTools'] {
  return async (script, folder, readOnly) => {
    await copyFile(libraryOfTheClock(), join(folder, CLOCK_LIBRARY));
    const sign = days < 0 ? '' : '+';
    const setClock = `export LD_PRELOAD=$PWD/${CLOCK_LIBRARY} FAKETIME=${sign}${days}d
date +%s >${CLOCK_FILE}
`;
    const result = await run(setClock + script, folder, readOnly);
    if (result.ok) toolClocks.push(Number(await readFile(join(folder, CLOCK_FILE), 'latin1')));
    for (const name of [CLOCK_FILE, CLOCK_LIBRARY]) await rm(join(folder, name), { force: true });
    return result;
  };
}

/** Our own clock is set by the same library. */
function libraryOfTheClock(): HostPath {
  const library = process.env['LD_PRELOAD'];
  if (library === undefined) throw new Error('No clock was set');
  return library;
}
