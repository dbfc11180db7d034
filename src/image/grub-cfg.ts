import type { Guid } from '#disk';

/** What decides the menu. */
export type MenuRequest = {
  readonly rootPartition: Guid;
  readonly hasInitrd: boolean;
  /** The profile's words, behind ours. */
  readonly commandLine: readonly string[];
};

/** One way to start: its title, the key that chooses it, its files on the ESP, and its words for kernel and initrd. */
type MenuEntry = {
  readonly id: string;
  readonly title: string;
  readonly key: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly words: readonly string[];
};

const CURRENT = { kernel: '/vmlinuz', initrd: '/initrd.img' };

const ENTRIES: readonly MenuEntry[] = [
  { ...CURRENT, id: 'normal', title: 'BlazeNeuro', key: 'n', words: [] },
  {
    ...CURRENT,
    id: 'verbose',
    title: 'BlazeNeuro, with all messages',
    key: 'v',
    words: ['verbose', 'loglevel=7'],
  },
  { ...CURRENT, id: 'rescue', title: 'BlazeNeuro, rescue shell', key: 'r', words: ['rescue'] },
];

/**
 * What an update of the kernel keeps of the one before: on the running stick it renames the files that are there to
 * these, and then renames the new ones into their places. GRUB looks for them when it starts, so that nobody has to
 * write a new menu, and falls back to them where the new kernel cannot be loaded.
 */
const PREVIOUS: MenuEntry = {
  id: 'previous',
  title: 'BlazeNeuro, the previous kernel',
  key: 'p',
  kernel: '/vmlinuz.old',
  initrd: '/initrd.old.img',
  words: [],
};

/** The entry's place in the menu: unlike `default`, `fallback` takes no name (grub-core/normal/menu.c). */
const PREVIOUS_INDEX = ENTRIES.length;

/**
 * GRUB's menu. `$root` is the partition that GRUB itself was loaded from (see grub.ts), so that of two sticks in one
 * machine each starts its own kernel.
 */
export function grubCfg(request: MenuRequest): string {
  return `# Made with the image. The menu is hidden: hold m while the machine starts to see it (or Shift, or Esc, where the
# firmware lets them through), or the key of an entry (${[...ENTRIES, PREVIOUS].map(({ key, id }) => `${key}: ${id}`).join(', ')}) to start that one.
set default=normal
set timeout_style=hidden
set timeout=0
if keystatus --shift; then
  set menu_wanted=yes
fi
if [ "$menu_wanted" = yes ]; then
  set timeout_style=menu
  set timeout=-1
fi

# A machine without a serial port has no use for it, and would wait for it.
if serial --unit=0 --speed=115200; then
  terminal_input --append serial
  terminal_output --append serial
fi

${ENTRIES.map((entry) => menuEntry(entry, request)).join('\n')}
# An update leaves the kernel before it here.
if [ ${filesOf(PREVIOUS, request)
    .map((file) => `-f ${file}`)
    .join(' -a ')} ]; then
  set fallback=${PREVIOUS_INDEX}
${menuEntry(PREVIOUS, request).trimEnd().replaceAll(/^/gm, '  ')}
fi

# UEFI tells nobody that Shift is held, and Esc is often its own key, but any letter can be an entry's.
if [ "$menu_wanted" != yes ]; then
  menuentry 'Show the menu' --id menu --hotkey=m {
    set menu_wanted=yes
    export menu_wanted
    configfile $prefix/grub.cfg
  }
fi
`;
}

function menuEntry(entry: MenuEntry, request: MenuRequest): string {
  const lines = [
    `linux ${entry.kernel} ${kernelWords(entry, request).map(grubWord).join(' ')}`,
    ...(request.hasInitrd ? [`initrd ${entry.initrd}`] : []),
  ];
  return `menuentry '${entry.title}' --id ${entry.id} --hotkey=${entry.key} {
${lines.map((line) => `  ${line}\n`).join('')}}
`;
}

function filesOf({ kernel, initrd }: MenuEntry, { hasInitrd }: MenuRequest): readonly string[] {
  return hasInitrd ? [kernel, initrd] : [kernel];
}

function kernelWords(entry: MenuEntry, request: MenuRequest): string[] {
  return [
    `root=PARTUUID=${request.rootPartition}`,
    'rootfstype=ext4',
    // A stick shows up late. An initrd waits by itself, with a limit.
    'rootwait',
    // The initrd mounts the root for writing once it was checked; without one the kernel has to.
    request.hasInitrd ? 'ro' : 'rw',
    // Linux reads the backup of a torn partition table only when told so.
    'gpt',
    // The kernel lets a USB drive settle for a second before it asks what it is, and a tenth is enough for nearly all:
    // Linux 804da867ad01. The initrd asks the others again.
    ...(request.hasInitrd ? ['usb-storage.delay_use=100ms'] : []),
    // Messages go to all of these; the last becomes /dev/console.
    'console=tty0',
    'console=ttyS0,115200',
    ...entry.words,
    // Only the normal way may be quiet, also where the profile wants that.
    ...request.commandLine.filter((word) => word !== 'quiet' || entry.id === 'normal'),
    // An initrd offers its own shell; without one, that of init has to do.
    ...(entry.id === 'rescue' && !request.hasInitrd ? ['single'] : []),
  ];
}

/** A word for GRUB's shell, which reads quotes, `$` and `;` much as others do. */
function grubWord(word: string): string {
  return /^[\w.,:=/+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
