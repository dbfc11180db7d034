/** One line of LFS's host requirements: a program, and what it must say about itself. */
export type Requirement = {
  readonly program: string;
  /** Lowest version that is known to do; absent where any will do. */
  readonly minimum?: string;
  /** Words that make it print its version; default: `--version`. */
  readonly ask?: readonly string[];
  /** What its first line must match: another program of the same name does not do. */
  readonly mustSay?: RegExp;
  /** Its version enters the keys of cross builds under this name, since what it makes may differ with it. */
  readonly keyName?: string;
};

/**
 * LFS chapter02/hostreqs, with the programs that our sandboxes need besides. LFS asks for gcc 5.2; the rest of
 * the minimum versions are its too.
 */
export const REQUIREMENTS: readonly Requirement[] = [
  { program: 'bash', minimum: '3.2', keyName: 'bash' },
  { program: 'ld', minimum: '2.13.1', keyName: 'binutils' },
  { program: 'bison', minimum: '2.7', keyName: 'bison' },
  { program: 'yacc', mustSay: /bison/ },
  { program: 'sort', minimum: '8.1', mustSay: /GNU coreutils/, keyName: 'coreutils' },
  { program: 'diff', minimum: '2.8.1', mustSay: /GNU diffutils/, keyName: 'diffutils' },
  { program: 'find', minimum: '4.2.31', mustSay: /GNU findutils/, keyName: 'findutils' },
  { program: 'gawk', minimum: '4.0.1', keyName: 'gawk' },
  { program: 'awk', mustSay: /GNU Awk/ },
  { program: 'gcc', minimum: '5.2', keyName: 'gcc' },
  { program: 'g++', minimum: '5.2', keyName: 'g++' },
  // The C library has no minimum: the compiler test below says whether programs can be made with it.
  { program: 'ldd', keyName: 'libc' },
  { program: 'grep', minimum: '2.5.1a', mustSay: /GNU grep/, keyName: 'grep' },
  { program: 'gzip', minimum: '1.3.12', keyName: 'gzip' },
  { program: 'm4', minimum: '1.4.10', mustSay: /GNU M4/, keyName: 'm4' },
  // LFS asks for 4.0; the jobserver of all builds is told to it by an option that came with 4.2.
  { program: 'make', minimum: '4.2', mustSay: /GNU Make/, keyName: 'make' },
  { program: 'patch', minimum: '2.5.4', mustSay: /GNU patch/, keyName: 'patch' },
  { program: 'perl', minimum: '5.8.8', ask: ['-V:version'], keyName: 'perl' },
  { program: 'python3', minimum: '3.4', keyName: 'python3' },
  { program: 'sed', minimum: '4.1.5', mustSay: /GNU sed/, keyName: 'sed' },
  { program: 'tar', minimum: '1.22', mustSay: /GNU tar/, keyName: 'tar' },
  { program: 'makeinfo', minimum: '5.0', keyName: 'texinfo' },
  { program: 'xz', minimum: '5.0.0', keyName: 'xz' },
  // Sources come in these forms too.
  { program: 'bzip2', ask: ['--help'] },
  { program: 'zstd' },
  // The sandbox: private mounts, one user, nothing of ours in reach.
  { program: 'bwrap' },
  { program: 'mount' },
  { program: 'unshare' },
  { program: 'setpriv' },
  // One build at a time in a store: a lock that the operating system lets go of when its holder dies.
  { program: 'flock' },
];
