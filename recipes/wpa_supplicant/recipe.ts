import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'wpa_supplicant',
  license: 'BSD-3-Clause',
  description: 'Joins Wi-Fi networks that ask for a password',
  builds: {
    // Not in LFS. files/config says what is in it.
    // No check: its tests ask for simulated radios, as root.
    final: script({
      needs: ['glibc', 'libnl', 'openssl', 'pkgconf'],
      configure: sh`cp $FILES/config wpa_supplicant/.config`,
      build: sh`make -C wpa_supplicant BINDIR=/usr/sbin LIBDIR=/usr/lib V=1`,
      install: sh`
        install -D -m 755 -t $OUT/usr/sbin wpa_supplicant/wpa_{supplicant,cli,passphrase}
        install -D -m 755 $FILES/wpa_supplicant $OUT/etc/init.d/wpa_supplicant
        install -D -m 644 $FILES/wpa_supplicant.conf $OUT/etc/wpa_supplicant/wpa_supplicant.conf
      `,
      // Passwords of networks.
      exceptions: { '/etc/wpa_supplicant/wpa_supplicant.conf': { mode: '0600' } },
    }),
  },
});
