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
    'system/ld-cache',
    'system/linux',
  ],
  exclude: [
    // The kernel that is started lies on the ESP.
    '/boot/vmlinuz',
    // What only a compiler reads. There is none.
    '/usr/include',
    '/usr/lib/*.a',
    '/usr/lib/*.o',
    '/usr/lib/pkgconfig',
    '/usr/share/aclocal',
    '/usr/share/pkgconfig',
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
    // Character sets of the Far East and of mainframes; Latin ones and those of FAT stay.
    '/usr/lib/gconv/lib*',
    '/usr/lib/gconv/BIG5*',
    '/usr/lib/gconv/EUC*',
    '/usr/lib/gconv/GB*',
    '/usr/lib/gconv/IBM1*',
    '/usr/lib/gconv/IBM9*',
    '/usr/lib/gconv/ISO-2022*',
    '/usr/lib/gconv/JOHAB*',
    '/usr/lib/gconv/SHIFT*',
    '/usr/lib/gconv/SJIS*',
    '/usr/lib/gconv/UHC*',
    // Terminals by first letter. Left are ansi, dumb, linux, rxvt, screen, tmux, vt100, xterm and their like.
    ...[...'123456789ABCDEGHILMNOPQRSTUVWXYZbcefghijmnopquwyz'].map(
      (letter) => `/usr/share/terminfo/${letter}`,
    ),
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
