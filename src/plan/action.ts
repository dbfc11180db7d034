import { type Digest, digestOfData } from '#base';
import type { Exception, SandboxKind, Target } from '#recipe';

/** `stage/name`: one recipe in one stage. */
export type BuildName = string;

/** One source of an action: where it is unpacked, and which bytes. */
export type ActionSource = {
  /** Folder below the source, `.` for the source itself. */
  readonly folder: string;
  readonly digest: Digest;
  /** The name decides how it is unpacked, and so the bytes. */
  readonly archive: string;
  /** The archive inside the archive that is meant, where an origin nests them. */
  readonly member?: string;
  /** What is not unpacked: globs over paths below the top folder. Absent where everything is. */
  readonly leaveOut?: readonly string[];
  /** Paths below /build of the patches, in order: a fix-up that only the chosen origin needs. */
  readonly patches: readonly string[];
};

/** Everything that decides an artifact's bytes, and nothing else. Adding a field changes every key. */
export type Action = {
  /** Bump to build everything anew. */
  readonly format: 1;
  readonly build: BuildName;
  /** The package's version; builds may print it. */
  readonly version: string;
  readonly target: Target;
  readonly sandbox: SandboxKind;
  /** Versions of the host's tools; the host's compiler is an input of `cross`. Null in `chroot`, which sees none. */
  readonly hostTools: Readonly<Record<string, string>> | null;
  readonly sources: readonly ActionSource[];
  /** What lies below /build beside the source: recipe files, patches, profile fields. */
  readonly files: Readonly<Record<string, Digest>>;
  readonly env: Readonly<Record<string, string>>;
  /** In order. `check` is not among them: it is a verdict beside the artifact. */
  readonly phases: readonly { readonly name: string; readonly script: string }[];
  /** Owners and modes that are not 0:0 and plain, by path. */
  readonly exceptions: Readonly<Record<string, Exception>>;
};

/**
 * The key of an action, once the artifacts of its needs are known. They count by content and in stacking order,
 * so a need that was built again to the same bytes changes nothing.
 */
export function actionKey(action: Action, needs: readonly Digest[]): Digest {
  return digestOfData({ action, needs });
}
