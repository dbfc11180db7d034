import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type HostPath, ok, type Result } from '#base';
import { type Project, readProject } from '#config';
import type { Emit } from '#event';
import { buildUser, type HostTools, hostTools } from '#host';
import type { ActionInputs, PlanSource } from '#plan';
import { X86_64 } from '#recipe';
import { mountPointFor, type SandboxHost } from '#sandbox';
import { chooseFromStore, chosenSource } from '#source';
import { describeFault, openStore, readCache, type Store, type StoreFault } from '#store';
import type { Flags } from './flags.ts';
import { logsFolder, PROJECT_ROOT, storeFolder } from './locations.ts';
import { sourceDateEpoch } from './source-date-epoch.ts';

/** What every command works with: the project as read, the store, and where things are. */
export type Session = {
  readonly flags: Flags;
  readonly project: Project;
  readonly store: Store;
  readonly storeRoot: HostPath;
  readonly logs: HostPath;
  readonly sourceDateEpoch: number;
  readonly emit: Emit;
  /** A warning, told once in a run however often it is met. */
  readonly warnOnce: (message: string) => void;
  /** Whether there was one. */
  readonly hasWarned: () => boolean;
  readonly signal: AbortSignal;
};

/** Reads the project and opens the store. */
export async function openSession(flags: Flags, emit: Emit, signal: AbortSignal): Promise<Result<Session>> {
  const epoch = sourceDateEpoch(process.env);
  if (!epoch.ok) return epoch;
  const project = await readProject({ root: PROJECT_ROOT, overlay: flags.config }, flags.profile);
  if (!project.ok) return project;
  const opened = await openSessionStore(emit);
  if (!opened.ok) return opened;
  const logs = logsFolder();
  await mkdir(logs, { recursive: true });
  return ok({
    ...opened.value,
    flags,
    project: project.value,
    logs,
    sourceDateEpoch: epoch.value,
    emit,
    signal,
  });
}

/** Opens the store, and tells once of each of its entries that is damaged. */
export async function openSessionStore(
  emit: Emit,
): Promise<Result<Pick<Session, 'store' | 'storeRoot' | 'warnOnce' | 'hasWarned'>>> {
  const storeRoot = storeFolder(process.env);
  const { warnOnce, hasWarned } = warnerOnce(emit);
  const onDamage = (fault: StoreFault) =>
    warnOnce(`The store's ${describeFault(fault)}. It counts as not there`);
  const store = await openStore(storeRoot, { onDamage });
  return store.ok ? ok({ store: store.value, storeRoot, warnOnce, hasWarned }) : store;
}

/** A run asks for the same entry more than once. */
function warnerOnce(emit: Emit): Pick<Session, 'warnOnce' | 'hasWarned'> {
  const told = new Set<string>();
  const warnOnce = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    emit({ type: 'note', level: 'warning', message });
  };
  return { warnOnce, hasWarned: () => told.size > 0 };
}

/** Reads what the store keeps only to save time. What is damaged is made anew, and told of. */
export function readSessionCache<T>(
  { warnOnce }: Pick<Session, 'warnOnce'>,
  path: HostPath,
): Promise<T | undefined> {
  return readCache<T>(path, () =>
    warnOnce(`${path} is damaged. It counts as not there, and is written anew`),
  );
}

/** The versions of the host's tools; a problem when the host lacks one. */
export async function askHostTools({ store }: Pick<Session, 'store'>): Promise<Result<HostTools>> {
  return hostTools({ cacheFile: join(await store.stateFolder('host'), 'tools.json') });
}

/** What a plan is made from: the project, the sources as chosen so far, and the host's tools. */
export async function planInputs(session: Session, tools: HostTools): Promise<ActionInputs> {
  return {
    sources: await chosenSources(session),
    recipeFiles: new Map([...session.project.recipes].map(([name, folder]) => [name, folder.files])),
    profile: session.project.profile,
    kernelConfig: session.project.kernelConfig,
    target: X86_64,
    hostTools: tools,
    sourceDateEpoch: session.sourceDateEpoch,
  };
}

/** For each name the pin whose bytes the store has, or else the one that would be tried first. */
async function chosenSources(session: Session): Promise<Map<string, PlanSource>> {
  const chosen = new Map<string, PlanSource>();
  for (const [name, pins] of session.project.pins) {
    const present = await chooseFromStore(pins, session.store);
    const pin = present ?? (pins[0] === undefined ? undefined : { pin: pins[0] });
    if (pin !== undefined) chosen.set(name, chosenSource(pin));
  }
  return chosen;
}

/** Who runs sandboxes on this machine. */
export async function sandboxHost(session: Pick<Session, 'storeRoot'>): Promise<Result<SandboxHost>> {
  const user = await buildUser();
  if (!user.ok) return user;
  return ok({
    asRoot: process.getuid?.() === 0,
    user: user.value,
    mountPoint: mountPointFor(session.storeRoot),
    toolFolders: ['/etc/alternatives'].filter((path) => existsSync(path)),
  });
}

/** Compilers at once, unless `--jobs` says otherwise. */
export function defaultJobs(): number {
  return availableParallelism();
}
