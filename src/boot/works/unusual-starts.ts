/**
 * How a program is started that answers neither `--version` nor `--help` with 0: the words that it gets, the status that
 * it ends with, and what it says first. Nothing here does harm, not even to a machine that goes on.
 */
export type Start = {
  readonly words: string;
  readonly status?: number | readonly number[];
  readonly says?: RegExp;
};

/** By name, for all profiles: what of it is on the system counts. All others get `--version`, then `--help`. */
export const UNUSUAL_STARTS: Readonly<Record<string, Start>> = {
  // Their versions, by another option.
  ...each('captoinfo clear infocmp infotocap reset tabs tic toe tput tset', {
    words: '-V',
    says: /^ncurses /,
  }),
  ...each('e2fsck fsck.ext2 fsck.ext3 fsck.ext4', { words: '-V', says: /^e2fsck / }),
  ...each('mke2fs mkfs.ext2 mkfs.ext3 mkfs.ext4', { words: '-V', says: /^mke2fs / }),
  ...each('debugfs dumpe2fs filefrag lsattr', {
    words: '-V',
    says: /^(?:debugfs|dumpe2fs|filefrag|lsattr) \d/,
  }),
  ...each('bridge genl ip rtacct rtmon tc', { words: '-V', says: / utility, / }),
  ...each('crond cronnext crontab', { words: '-V', says: /^cronie / }),
  ...each('psfaddtable psfgettable psfstriptable psfxtable resizecons', { words: '-V', says: / from kbd / }),
  ...each('ssh sshd', { words: '-V', says: /^OpenSSH_/ }),
  e2mmpstatus: { words: '-V' },
  bootlogd: { words: '-v', says: /^bootlogd - / },
  peekfd: { words: '--version', status: 1, says: /^peekfd / },
  wpa_cli: { words: '-v', says: /^wpa_cli v/ },

  // Called wrongly, they say how they should be.
  ...each('badblocks chattr e2label e2undo logsave tune2fs', usage('', 1)),
  ...each('halt poweroff reboot', usage('--help', 1)),
  ...each('login newgrp sg', usage('--help', 1)),
  ...each('scp ssh-keyscan wpa_passphrase doas', usage('', 1)),
  ...each('apropos man whatis', usage('', 5)),
  ...each('e2image e4defrag resize2fs', { words: '', status: 1, says: /^(?:e2image|e4defrag|resize2fs) \d/ }),
  e2freefrag: usage('-h', 1),
  'grow-table': usage('', 2),
  readbootlog: { words: '-h', says: /^readbootlog / },
  sftp: usage('-h', 1),
  shutdown: usage('', 1),
  // What is no number of a signal is wrong; it says so to the log of the system.
  killall5: { words: '--help', status: 1 },
  makewhatis: { words: '--help', status: 5, says: /invalid option/ },
  'ssh-add': { words: '-l', status: 2, says: /authentication agent/ },
  'ssh-keygen': { words: '--help', status: 1, says: /unknown option/ },

  // Their work, on nothing.
  ...each('demandoc mandoc soelim', { words: '' }),
  ...each('fstab-decode ssh-agent', { words: 'true' }),
  dash: { words: '-c pwd', says: /^\// },
  false: { words: '', status: 1 },
  'mklost+found': { words: '', says: /^mklost\+found \d/ },
  nologin: { words: '', status: 1, says: /not available/ },
  // It looks for memory that can be plugged in before it reads its options; few machines have any.
  chmem: {
    words: '--version',
    status: [0, 1],
    says: /^chmem(?: from |: Failed to read \/sys\/devices\/system\/memory)/,
  },
};

function usage(words: string, status: number): Start {
  return { words, status, says: /^usage\b/i };
}

/** The same start for several programs, named with blanks between them. */
function each(names: string, start: Start): Readonly<Record<string, Start>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, start]));
}

/** The table as `guest/starts.sh` reads it. */
export function startsTable(starts: Readonly<Record<string, Start>>): string {
  return Object.entries(starts)
    .map(([name, { words }]) => `${name}\t${words}\n`)
    .join('');
}
