import type { HostPath, SandboxPath } from '#base';
import type { SandboxKind } from '#recipe';

/** An enclosed place to run one command in, as data. */
export type Sandbox = {
  readonly kind: SandboxKind;
  /** How many layers lie in `layersFolder`, named `0` (on top) and up: symbolic links to artifact trees. */
  readonly layerCount: number;
  readonly layersFolder: HostPath;
  /** Writable, at /build. */
  readonly workFolder: HostPath;
  /** Writable, at /out. */
  readonly outFolder: HostPath;
  /** Files and folders that are shown read-only below /build, by path there. */
  readonly readOnly: readonly { readonly source: HostPath; readonly path: SandboxPath }[];
  /** Whether programs in `chroot` see themselves as an ordinary user, and not as 0; in `cross` they always do. */
  readonly asOrdinaryUser?: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Default: none, for what we run ourselves. */
  readonly limits?: SandboxLimits;
};

/** What a sandbox may use at most. */
export type SandboxLimits = {
  /** Processes and threads at once. */
  readonly processes: number;
  /** Size of any one file that is written. */
  readonly fileBytes: number;
  /** A memory control group that all of its processes join; its limit is theirs together. */
  readonly memoryGroup?: HostPath;
};

/** Who runs sandboxes here. No path or name of it is visible inside. */
export type SandboxHost = {
  /** Whether the program was started by root, and builds run as another user. */
  readonly asRoot: boolean;
  readonly user: { readonly uid: number; readonly gid: number };
  /** An empty folder of the host that may be covered, in a mount namespace of the sandbox's own. */
  readonly mountPoint: HostPath;
  /** Folders of the host's /etc that its tools need to be found: /etc/alternatives on Debian. */
  readonly toolFolders: readonly HostPath[];
};

/** A folder of the host for mount points, that does not hide the store: its own mounts are seen by nobody else. */
export function mountPointFor(store: HostPath): HostPath {
  return ['/mnt', '/media', '/srv'].find((path) => !`${store}/`.startsWith(`${path}/`)) ?? '/opt';
}
