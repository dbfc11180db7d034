import { defineRecipe, disable, joinShell, script, sh } from 'blazeneuro/recipe';

/** What firmware there is: BIOS, UEFI, and the 32-bit UEFI of some tablets with a 64-bit processor. */
const platforms = [
  { cpu: 'i386', platform: 'pc' },
  { cpu: 'x86_64', platform: 'efi' },
  { cpu: 'i386', platform: 'efi' },
];

// What is guessed otherwise, from what happens to lie in the sysroot. Fonts and themes want FreeType.
const left = disable(
  ...['werror', 'efiemu', 'nls', 'liblzma', 'libzfs', 'device-mapper'],
  ...['grub-mkfont', 'grub-mount', 'grub-themes'],
);

const configure = platforms.map(
  ({ cpu, platform }) => sh`
    mkdir ${cpu}-${platform}
    cd ${cpu}-${platform}
    ../configure --prefix=/usr --sysconfdir=/etc --target=${cpu} --with-platform=${platform} ${left}
    cd ..
  `,
);

// The programs are the same for all; only the first platform is built with them.
const build = platforms.map(({ cpu, platform }, index) =>
  index === 0
    ? sh`make -C ${cpu}-${platform} MAKEINFO=true`
    : sh`
        make -C ${cpu}-${platform}/grub-core/lib/gnulib
        make -C ${cpu}-${platform}/grub-core
      `,
);

const install = platforms.map(({ cpu, platform }, index) =>
  index === 0
    ? sh`make -C ${cpu}-${platform} MAKEINFO=true DESTDIR=$OUT install`
    : sh`make -C ${cpu}-${platform}/grub-core DESTDIR=$OUT install`,
);

export default defineRecipe({
  name: 'grub',
  license: 'GPL-3.0-or-later',
  description: 'The boot loader, for every kind of firmware',
  builds: {
    // LFS chapter08/grub, three times over. Code for the firmware is freestanding: no 32-bit library is needed.
    // No check: its tests ask for QEMU.
    final: script({
      needs: ['flex', 'glibc'],
      // The stage's flags are for programs of Linux. With -O2 and -pipe SeaBIOS did not start the image.
      env: { CFLAGS: null, CXXFLAGS: null, LDFLAGS: null },
      // The release forgot this file.
      prepare: sh`echo depends bli part_gpt > grub-core/extra_deps.lst`,
      configure: joinShell(...configure),
      build: joinShell(...build),
      install: joinShell(...install),
    }),
  },
});
