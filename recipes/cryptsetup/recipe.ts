import { defineRecipe, meson, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'cryptsetup',
  license: 'GPL-2.0-or-later WITH cryptsetup-OpenSSL-exception',
  description: 'Encrypted drives: LUKS and plain',
  builds: {
    // Not in LFS.
    final: meson({
      needs: ['glibc', 'json-c', 'lvm2', 'meson', 'openssl', 'pkgconf', 'popt', 'util-linux'],
      // This release makes the programs and forgets to install them.
      prepare: sh`
        sed -i "s/include_directories: includes_tools)/install: true, install_dir: get_option('sbindir'), &/" src/meson.build
      `,
      configure: [
        '-Dcrypto-backend=openssl',
        // Its own: no further library.
        '-Dargon-implementation=internal',
        '-Dasciidoc=disabled',
        ...['external-tokens', 'nls', 'ssh-token', 'udev'].map((option) => `-D${option}=false`),
      ],
      check: sh`meson test -C $WORK/meson --print-errorlogs`,
      // It would make /run/cryptsetup with systemd. The library makes it when it is missing.
      adjust: sh`
        rm -rf $OUT/usr/lib/tmpfiles.d
        test -x $OUT/usr/sbin/cryptsetup
      `,
    }),
  },
});
