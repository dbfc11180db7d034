/** The number of a system call on x86-64 and on arm64; null where there is none. */
export type CallNumbers = readonly [x64: number | null, arm64: number | null];

/** From Linux's asm/unistd_64.h and asm-generic/unistd.h; numbers never change once they are given. */
export const CALLS = {
  clone: [56, 220],
  clone3: [435, 435],
  unshare: [272, 97],
  ioctl: [16, 29],
  socket: [41, 198],
} as const satisfies Record<string, CallNumbers>;

/** The first number that was not given to any call when this list was made (Linux 6.12). */
export const FIRST_UNKNOWN_CALL = 463;

/** No build needs these, and each is a way to the kernel, to other users' secrets or to another mount namespace. */
export const FORBIDDEN: Readonly<Record<string, CallNumbers>> = {
  // The keyrings of the person who started us: no namespace parts them from a build.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Mounts and namespaces. A build has no right to them, and cannot make a user namespace to get it.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  setns: [308, 268],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  // The machine itself.
  acct: [163, 89],
  reboot: [169, 142],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  swapon: [167, 224],
  swapoff: [168, 225],
  syslog: [103, 116],
  vhangup: [153, 58],
  iopl: [172, null],
  ioperm: [173, null],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  // Where holes of the kernel are found most often.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  // Takes an open file out of another process: out of the shell that talks to the program, for one.
  pidfd_getfd: [438, 438],
};

/**
 * No digest covers extended attributes, so no artifact may have any: `user.overlay.opaque` on a folder would hide
 * what lies below it in every later sysroot. Programs take the answer for a file system that has none.
 */
export const ATTRIBUTE_WRITERS: Readonly<Record<string, CallNumbers>> = {
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  fsetxattr: [190, 7],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  fremovexattr: [199, 16],
};
