import { mkdir } from 'node:fs/promises';
import { type Digest, fail, isNoSpace, ok, type Problem, type Result } from '#base';
import { artifactDigest } from '#manifest';
import type { PlannedBuild } from '#plan';
import { type ArtifactRecord, removeTree } from '#store';
import { giveToBuildUser } from './build-user.ts';
import type { ExecutionOptions } from './execution-options.ts';
import { defaultLimits } from './limits.ts';
import { noSpace } from './no-space.ts';
import { LAYOUT_LINKS, packTree } from './pack.ts';
import type { PhaseTimes } from './phase-clock.ts';
import type { Ran } from './run-part.ts';
import { runPhases } from './run-phases.ts';
import { openPreparedWorkplace, type UnpackedAhead } from './unpack-ahead.ts';
import { freshVerdict, keptVerdict } from './verdict.ts';
import { forgetFailure, keepFailure, type StackedWorkplace, stackLayers } from './workplace.ts';

/**
 * Runs one action: sysroot from the artifacts of its needs, sources unpacked, phases in the sandbox, $OUT packed and
 * stored. A failed one leaves its workplace in the store's `failed` folder, for `shell`. What was unpacked ahead is
 * taken over; where that failed, the sources are unpacked once more, and the build says why they cannot be.
 */
export async function executeAction(
  planned: PlannedBuild,
  key: Digest,
  needs: readonly Digest[],
  options: ExecutionOptions & { readonly ahead?: UnpackedAhead | undefined },
): Promise<Result<ArtifactRecord>> {
  try {
    const begun = await options.ahead?.takeOver();
    await using opened = begun?.place ?? (await openPreparedWorkplace(planned, options));
    await begun?.beginLog();
    await forgetFailure(planned.name, options.store);
    const place = await stackLayers(opened, needs, options.store);
    const result = await makeArtifact(planned, key, needs, place, { ...options, unpacked: begun?.ran });
    if (result.ok && options.check === true && result.value.checkPassed === false) {
      await emptyOut(place, options);
      await keepFailure(planned.name, place, options.store);
    }
    if (!result.ok && isWorthALook(result.problem)) await keepFailure(planned.name, place, options.store);
    return result;
  } catch (error) {
    if (isNoSpace(error)) return fail(noSpace(planned.name, [String(error)]));
    throw error;
  }
}

async function makeArtifact(
  planned: PlannedBuild,
  key: Digest,
  needs: readonly Digest[],
  place: StackedWorkplace,
  options: ExecutionOptions & { readonly unpacked?: Ran | undefined },
): Promise<Result<ArtifactRecord>> {
  const startedAtMs = Date.now();
  const ran = await runPhases(planned, place, options);
  if (!ran.ok) return ran;
  const { name, action, exceptions } = planned;
  const { sourceDateEpoch } = options;
  const { outputBytes } = options.limits ?? defaultLimits();
  const links = planned.needs.includes('prepare/layout') ? LAYOUT_LINKS : [];
  const pack = startPack(name, options);
  const manifest = await packTree(place.out, {
    build: name,
    exceptions,
    sourceDateEpoch,
    links,
    outputBytes,
  });
  if (!manifest.ok) return fail({ ...manifest.problem, place: place.log });
  const phases = { ...ran.value.phases, pack: pack.finish() };
  const { checkPassed: passed, ...spent } = ran.value;
  if (passed !== undefined) options.emit({ type: 'check-finished', build: name, passed, log: place.log });
  const earlier = await options.store.lookUp(key);
  const verdict = freshVerdict(planned, passed) ?? keptVerdict(earlier, artifactDigest(manifest.value));
  const record = await options.store.commit(place.out, manifest.value, {
    ...spent,
    ...verdict,
    phases,
    key,
    build: name,
    durationMs: Date.now() - startedAtMs,
    inputs: {
      action,
      needs: Object.fromEntries(planned.needs.map((need, at) => [need, needs[at]])),
      order: planned.needs,
    },
  });
  return ok(record);
}

/** Packing as a phase. It runs in this program: its CPU time is that of all that the program does meanwhile. */
function startPack(build: string, { emit }: ExecutionOptions): { finish(): PhaseTimes } {
  const [startedAtMs, before] = [Date.now(), process.cpuUsage()];
  emit({ type: 'phase-started', build, phase: 'pack' });
  return {
    finish: () => {
      const spent = process.cpuUsage(before);
      const wallMs = Date.now() - startedAtMs;
      const cpuMs = Math.round((spent.user + spent.system) / 1000);
      emit({ type: 'phase-finished', build, phase: 'pack', durationMs: wallMs, cpuMs });
      return { wallMs, cpuMs };
    },
  };
}

/** Where the tests of a package failed, its `$OUT` is an artifact by now; `shell` and a replay begin with a new one. */
async function emptyOut({ out }: StackedWorkplace, { host }: ExecutionOptions): Promise<void> {
  await removeTree(out);
  await mkdir(out);
  await giveToBuildUser([out], host);
}

/**
 * An interrupted build did nothing wrong, on a full disk its workplace would only be in the way, and nothing of an
 * archive that was refused is to lie about: its links were not judged to the end.
 */
function isWorthALook({ kind }: Problem): boolean {
  return kind !== 'interrupted' && kind !== 'no-space' && kind !== 'archive-refused';
}
