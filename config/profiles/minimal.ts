import { defineProfile } from 'blazeneuro/recipe';

const MiB = 1024 * 1024;

export default defineProfile({
  name: 'minimal',
  description: 'The seed: a small system that boots any PC',
  packages: [
    // The programs, and the libraries that they name. What only builds (flex, bc, grub, mtools …) does not ship.
    'final/bash',
    'final/coreutils',
    'final/dash',
    'final/dosfstools',
    'final/e2fsprogs',
    'final/findutils',
    'final/gawk',
    'final/gcc-libs',
    'final/glibc',
    'final/grep',
    'final/gzip',
    'final/libxcrypt',
    'final/ncurses',
    'final/procps-ng',
    'final/sed',
    'final/shadow',
    'final/sysvinit',
    'final/tar',
    'final/tzdata',
    'final/util-linux',
    'final/xz',
    'final/zlib',
    // What makes a system of them.
    'system/boot-scripts',
    'system/etc',
    'system/grow-table',
    'system/initrd',
    'system/linux',
  ],
  exclude: [
    // The kernel that is started lies on the ESP.
    '/boot/vmlinuz',
    // What only a compiler reads, or who calls one. There is none.
    '/usr/bin/*-config',
    '/usr/bin/compile_et',
    '/usr/bin/mk_cmds',
    '/usr/include',
    '/usr/lib/*.a',
    '/usr/lib/*.o',
    '/usr/lib/cmake',
    '/usr/lib/pkgconfig',
    '/usr/share/aclocal',
    '/usr/share/et',
    '/usr/share/pkgconfig',
    '/usr/share/ss',
    // No program of this profile is written in C++.
    '/usr/lib/libstdc++*',
    '/usr/share/gcc-*',
    '/usr/share/gdb',
    // What only helps to debug programs (two ask for Perl and for a program of theirs that is not here), and what
    // replaces a C library in use.
    '/usr/bin/mtrace',
    '/usr/bin/pcprofiledump',
    '/usr/bin/pldd',
    '/usr/bin/sotruss',
    '/usr/bin/sprof',
    '/usr/bin/xtrace',
    '/usr/lib/audit',
    '/usr/sbin/sln',
    // Vectors of mathematics, for programs of Fortran and -ffast-math.
    '/usr/lib/libmvec.so*',
    // What people read elsewhere, and translations.
    '/usr/share/bash-completion',
    '/usr/share/doc',
    '/usr/share/gtk-doc',
    '/usr/share/info',
    '/usr/share/locale',
    '/usr/share/man',
    // The sources of locales, and all locales but C.UTF-8.
    '/usr/share/i18n',
    '/usr/lib/locale/en_US.utf8',
    // Needs the sources of locales.
    '/usr/bin/localedef',
    // Character sets: Unicode's, ISO's and Windows' Latin ones, Cyrillic, Greek and Turkish, and those of FAT stay.
    '/usr/lib/gconv/*',
    '!/usr/lib/gconv/gconv-modules*',
    ...['CP125?', 'CP932', 'IBM437', 'IBM85?', 'IBM86?', 'ISO8859-*', 'KOI8-*', 'MACINTOSH'].map(
      (name) => `!/usr/lib/gconv/${name}.so`,
    ),
    ...['UNICODE', 'UTF-7', 'UTF-16', 'UTF-32'].map((name) => `!/usr/lib/gconv/${name}.so`),
    // Terminals: what people sit at or come from stays, of the two thousand.
    '/usr/share/terminfo/*',
    ...['a/alacritty', 'a/ansi', 'd/dumb', 'f/foot', 'g/ghostty', 'k/kitty', 'k/konsole*', 'l/linux*'].map(
      (name) => `!/usr/share/terminfo/${name}`,
    ),
    ...['p/putty*', 'r/rxvt*', 's/screen', 's/screen-*', 's/screen.*', 's/st', 's/st-*', 't/tmux*'].map(
      (name) => `!/usr/share/terminfo/${name}`,
    ),
    ...[
      'v/vt100',
      'v/vt102',
      'v/vt220',
      'v/vte',
      'v/vte-256color',
      'w/wezterm',
      'w/wsvt25',
      'x/xterm',
      'x/xterm-*',
    ].map((name) => `!/usr/share/terminfo/${name}`),
    // Time zones with leap seconds, and a second copy of the others.
    '/usr/share/zoneinfo/posix',
    '/usr/share/zoneinfo/right',
  ],
  kernel: {
    build: 'system/linux',
    fragments: ['base', 'usb-boot', 'persistence', 'hardening', 'lockdown', 'virt', 'console'],
    commandLine: ['quiet'],
  },
  initrd: {
    init: '/usr/lib/blazeneuro/initrd/init',
    programs: [
      // What init calls.
      '/usr/bin/mount',
      '/usr/bin/setsid',
      '/usr/bin/sleep',
      '/usr/sbin/e2fsck',
      '/usr/sbin/findfs',
      '/usr/sbin/grow-table',
      '/usr/sbin/reboot',
      '/usr/sbin/switch_root',
      // What a person needs in its rescue shell.
      '/usr/bin/cat',
      '/usr/bin/dmesg',
      '/usr/bin/ls',
      '/usr/bin/umount',
      '/usr/sbin/blkid',
    ],
  },
  hostname: 'blazeneuro',
  timezone: 'UTC',
  services: [],
  image: { espSizeBytes: 512 * MiB, rootFreeBytes: 256 * MiB, tools: 'own' },
});
