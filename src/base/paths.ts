/** A path on the machine that runs the program. It may never enter an action. */
export type HostPath = string & { readonly __brand?: 'HostPath' };

/** A path as a build sees it inside its sandbox. */
export type SandboxPath = string & { readonly __brand?: 'SandboxPath' };

/** An absolute path of the system that is being built, as it is when that system runs: `/usr/bin/grep`. */
export type TargetPath = string & { readonly __brand?: 'TargetPath' };
