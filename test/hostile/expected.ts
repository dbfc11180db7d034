import type { ProblemKind } from '#base';

/** How an attack has to end: with which kind of problem, and what the report has to say of it. */
export type Ending = readonly [kind: ProblemKind, says: RegExp];

const failed = (says: RegExp): Ending => ['phase-failed', says];
const refused = (says: RegExp): Ending => ['output-not-allowed', says];

/** Every attack that fails and is named; all of them run together, with `GROUP_LIMITS`. */
export const ENDINGS: Readonly<Record<string, Ending>> = {
  'change-clock': failed(/cannot set date: Operation not permitted/),
  'change-owner': failed(/chown: .*(?:Invalid argument|Operation not permitted)/),
  'change-root': failed(/chroot: Operation not permitted/),
  'deep-output': refused(/is longer than 3072 bytes/),
  'deep-work': failed(/exit code 7/),
  'device-nodes': failed(/mknod: .*Operation not permitted/),
  'disk-bomb': failed(/File size limit exceeded|exit code 153/),
  'fifo-output': refused(/\/x is neither file, folder nor link/),
  'flood-jobs': failed(/exit code 17/),
  'forge-lines': failed(/No such device or address|Permission denied/),
  'fork-bomb': failed(/fork: Resource temporarily unavailable/),
  'giant-file': failed(/File size limit exceeded|exit code 153/),
  'hand-over': failed(/nobody came/),
  'hard-links': failed(/Invalid cross-device link/),
  kernel: failed(/userfaultfd: Operation not permitted/),
  'log-bomb': failed(/File size limit exceeded|exit code 153/),
  'log-escapes': failed(/\\x1b\]0;hostile\\x07/),
  'log-hole': failed(/exit code 9/),
  'many-holes': refused(/\/4 is too much: all files together may have 200\.0 MiB/),
  mounts: failed(/mount: .*(?:permission denied|must be superuser|Operation not permitted)/),
  'names-evil': refused(/\/\\x1b\[2J\\x1b\]0;hostile\\x07 is neither/),
  'names-not-text': refused(/has a name that is not UTF-8/),
  namespaces: failed(/unshare failed: Operation not permitted/),
  'network-abstract': failed(/connect: Connection refused/),
  'network-names': failed(/exit code 2/),
  'network-raw': failed(/family 40: Address family not supported/),
  'network-tcp': failed(/Connection refused/),
  'network-udp': failed(/Network is unreachable/),
  'read-canary': failed(/canary: No such file or directory/),
  'read-environment': failed(/exit code 1/),
  'replaced-output': failed(/cannot remove '\/out'/),
  'rewrite-script': failed(/exit code 11/),
  'set-attribute': failed(/setxattr: Operation not supported/),
  'set-capability': failed(/setxattr: Operation not supported/),
  'setgid-folder': refused(/\/x\/deep has mode 2755, and the recipe does not declare it/),
  'setuid-output': refused(/\/x has mode 4755, and the recipe does not declare it/),
  'signal-builder': failed(/kill: .*No such process/),
  'signal-everybody': failed(/exit code 137/),
  'socket-output': refused(/\/x is neither file, folder nor link/),
  'take-all-jobs': failed(/exit code 13/),
  'take-over': failed(/nobody there/),
  'trace-builder': failed(/ptrace: No such process/),
  'type-into-terminal': failed(/terminal: No such device or address/),
  'write-outside': failed(/\/usr\/hostile: Read-only file system/),
};

/** Small, so that bombs go off early. */
export const GROUP_LIMITS = 'time=60s memory=2G processes=300 file=64M output=200M';
