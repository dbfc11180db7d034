import { mkdir, open, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, fail, type HostPath, ok, type Problem, type Result } from '#base';
import type { Emit } from '#event';
import type { PlannedBuild } from '#plan';
import { describeOutcome, type ProgramResult, quoteArgv, readLines, startProgram } from '#process';
import { SANDBOX_PATHS } from '#recipe';
import { type Sandbox, type SandboxHost, sandboxArgv } from '#sandbox';
import { unpackSources } from '#source';
import type { ArtifactRecord, Store } from '#store';
import { giveToBuildUser } from './build-user.ts';
import { packTree } from './pack.ts';
import { phasesScript, readPhaseLine, readTimesLine } from './phases-script.ts';

/** What runs a build without deciding a byte of it: none of this has a road to its key. */
export type ExecutionOptions = {
  readonly store: Store;
  readonly host: SandboxHost;
  /** Compilers at once inside one build. */
  readonly jobs: number;
  /** logs/<stage>/<name>.log lies in this folder. */
  readonly logsFolder: HostPath;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
  readonly sourceDateEpoch: number;
};

/** The folders of one execution, all below one staging folder. */
type Workplace = {
  readonly root: HostPath;
  readonly work: HostPath;
  readonly out: HostPath;
  readonly layers: HostPath;
  readonly log: HostPath;
};

/**
 * Runs one action: sysroot from the artifacts of its needs, sources unpacked, phases in the sandbox, $OUT packed and
 * stored. A failed one leaves its workplace in the store's `failed` folder, for `shell`.
 */
export async function executeAction(
  planned: PlannedBuild,
  key: Digest,
  needs: readonly Digest[],
  options: ExecutionOptions,
): Promise<Result<ArtifactRecord>> {
  const startedAtMs = Date.now();
  const place = await makeWorkplace(planned, options);
  await forgetFailure(planned.name, options.store);
  const layerCount = await stackLayers(place, needs, options.store);
  await writeFile(join(place.root, 'layer-count'), String(layerCount));
  await placeFiles(planned, place);
  await giveToBuildUser([place.work, place.out], options.host);
  const ran = await runPhases(planned, place, layerCount, options);
  if (!ran.ok) {
    await keepFailure(planned.name, place, options.store);
    return ran;
  }
  const manifest = await packTree(place.out, {
    build: planned.name,
    exceptions: planned.exceptions,
    sourceDateEpoch: options.sourceDateEpoch,
  });
  if (!manifest.ok) {
    await keepFailure(planned.name, place, options.store);
    return fail({ ...manifest.problem, place: place.log });
  }
  const record = await options.store.commit(place.out, manifest.value, {
    key,
    build: planned.name,
    durationMs: Date.now() - startedAtMs,
    cpuMs: ran.value.cpuMs,
    inputs: {
      action: planned.action,
      needs: Object.fromEntries(planned.needs.map((name, i) => [name, needs[i]])),
    },
  });
  await rm(place.root, { recursive: true, force: true });
  return ok(record);
}

/** The command line that enters the sandbox of a failed build, whose workplace is in `folder`. */
export function enterArgv(
  planned: PlannedBuild,
  folder: HostPath,
  layerCount: number,
  host: SandboxHost,
  jobs: number,
): string[] {
  const { action } = planned;
  return sandboxArgv(
    {
      kind: action.sandbox,
      layerCount,
      layersFolder: join(folder, 'layers'),
      workFolder: join(folder, 'work'),
      outFolder: join(folder, 'out'),
      readOnly: [],
      env: { ...action.env, TERM: 'xterm', MAKEFLAGS: `-j${jobs}`, JOBS: String(jobs) },
      command: ['bash', '-i'],
    },
    host,
  );
}

/** Where a failed build's workplace is kept. */
export async function failedFolder(build: string, store: Store): Promise<HostPath> {
  return join(await store.stateFolder('failed'), build.replaceAll('/', '.'));
}

async function makeWorkplace(planned: PlannedBuild, options: ExecutionOptions): Promise<Workplace> {
  const root = await options.store.stagingFolder();
  const place: Workplace = {
    root,
    work: join(root, 'work'),
    out: join(root, 'out'),
    layers: join(root, 'layers'),
    log: join(options.logsFolder, `${planned.name}.log`),
  };
  for (const folder of [join(place.work, 'source'), place.out, place.layers, dirname(place.log)]) {
    await mkdir(folder, { recursive: true });
  }
  return place;
}

/** Short names for the layers, the last need on top: all overlay options must fit into one page. */
async function stackLayers(place: Workplace, needs: readonly Digest[], store: Store): Promise<number> {
  const topFirst = [...new Set([...needs].reverse())];
  for (const [index, artifact] of topFirst.entries()) {
    await symlink(store.treePath(artifact), join(place.layers, String(index)));
  }
  return topFirst.length;
}

async function placeFiles(planned: PlannedBuild, place: Workplace): Promise<void> {
  for (const [path, digest] of Object.entries(planned.action.files)) {
    const bytes = planned.contents.get(digest);
    if (bytes === undefined) throw new Error(`No contents for ${path} of ${planned.name}`);
    await mkdir(dirname(join(place.work, path)), { recursive: true });
    await writeFile(join(place.work, path), bytes);
  }
  const sources = planned.action.sources.map((source, index) => ({
    archive: archivePath(index, source.archive),
    folder: join(SANDBOX_PATHS.source, source.folder),
    ...(source.member === undefined ? {} : { member: source.member }),
    patches: source.patches,
  }));
  const unpack = [{ name: 'unpack', script: unpackSources(sources, SANDBOX_PATHS.source) }];
  await writeFile(join(place.work, 'unpack.sh'), phasesScript(unpack));
  await writeFile(join(place.work, 'phases.sh'), phasesScript(planned.action.phases));
}

function archivePath(index: number, archive: string): string {
  return `${SANDBOX_PATHS.work}/archives/${index}/${archive}`;
}

async function runPhases(
  planned: PlannedBuild,
  place: Workplace,
  layerCount: number,
  options: ExecutionOptions,
): Promise<Result<{ readonly cpuMs: number }>> {
  await using log = await open(place.log, 'w');
  let cpuMs = 0;
  for (const sandbox of sandboxesOf(planned, place, layerCount, options)) {
    const argv = sandboxArgv(sandbox, options.host);
    await writeFile(join(place.root, 'replay.sh'), `#!/bin/sh\nexec 3>&2\nexec ${quoteArgv(argv)}\n`);
    const program = startProgram({
      argv,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      stdout: 'pipe',
      stderr: { fd: log.fd },
      extraFds: [log.fd],
      // Bubblewrap dies with us by itself; this is for the moments before it runs.
      dieWithUs: true,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let phase = 'sandbox';
    for await (const line of readLines(program.stdout)) {
      const begun = readPhaseLine(line);
      cpuMs += readTimesLine(line) ?? 0;
      if (begun === undefined || begun.phase === 'done') continue;
      phase = begun.phase;
      options.emit({ type: 'phase-started', build: planned.name, phase });
    }
    const result = await program.ended;
    if (result.outcome === 'cancelled') return fail(interrupted(planned.name));
    if (!result.succeeded) {
      return fail(await phaseProblem(planned.name, phase, howItEnded(result), place.log));
    }
  }
  return ok({ cpuMs });
}

/** First the host's tar, xz and patch unpack what was verified; then the phases run with what the build may see. */
function sandboxesOf(
  planned: PlannedBuild,
  place: Workplace,
  layerCount: number,
  options: ExecutionOptions,
): Sandbox[] {
  const common = { layersFolder: place.layers, workFolder: place.work, outFolder: place.out };
  const { action } = planned;
  const unpack: Sandbox = {
    ...common,
    kind: 'cross',
    layerCount: 0,
    layersFolder: place.out,
    readOnly: action.sources.map((source, index) => ({
      source: options.store.blobPath(source.digest),
      path: archivePath(index, source.archive),
    })),
    env: {
      PATH: '/usr/bin:/usr/sbin',
      LC_ALL: 'C.UTF-8',
      SOURCE_DATE_EPOCH: String(options.sourceDateEpoch),
      XZ_DEFAULTS: '--threads=0',
    },
    command: ['bash', `${SANDBOX_PATHS.work}/unpack.sh`],
  };
  const phases: Sandbox = {
    ...common,
    kind: action.sandbox,
    layerCount,
    readOnly: [],
    env: { ...action.env, MAKEFLAGS: `-j${options.jobs}`, JOBS: String(options.jobs) },
    command: ['bash', `${SANDBOX_PATHS.work}/phases.sh`],
  };
  return action.sources.length > 0 ? [unpack, phases] : [phases];
}

/** The exit code of a sandbox is that of the script in it; its own first program would only confuse. */
function howItEnded(result: ProgramResult): string {
  return result.outcome === 'exited' ? `exit code ${result.exitCode}` : describeOutcome(result);
}

async function phaseProblem(build: string, phase: string, how: string, log: HostPath): Promise<Problem> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return {
    kind: 'phase-failed',
    subject: build,
    message: `${build} failed in its phase ${phase}: ${how}`,
    place: log,
    details: lines.slice(-20).map((line) => line.slice(0, 400)),
    hint: `Look around where it failed: blazeneuro shell ${build}. Once mended: blazeneuro build ${build}`,
  };
}

function interrupted(build: string): Problem {
  return {
    kind: 'interrupted',
    subject: build,
    message: `${build} was interrupted`,
    hint: 'Run the same command again: it goes on with this build',
  };
}

async function forgetFailure(build: string, store: Store): Promise<void> {
  await rm(await failedFolder(build, store), { recursive: true, force: true });
}

async function keepFailure(build: string, place: Workplace, store: Store): Promise<void> {
  const folder = await failedFolder(build, store);
  await rm(folder, { recursive: true, force: true });
  await rename(place.root, folder);
}
