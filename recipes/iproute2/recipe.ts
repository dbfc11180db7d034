import { defineRecipe, script, sh } from 'blazeneuro/recipe';

const places = ['SBINDIR=/usr/sbin', 'NETNS_RUN_DIR=/run/netns'];

export default defineRecipe({
  name: 'iproute2',
  license: 'GPL-2.0-or-later',
  description: 'ip, ss, tc, bridge',
  builds: {
    // LFS chapter08/iproute2. Its Makefile takes the flags of the environment.
    // No check: its tests change network devices, as root.
    final: script({
      needs: ['flex', 'glibc', 'pkgconf'],
      // arpd would ask for Berkeley DB.
      prepare: sh`
        sed -i /ARPD/d Makefile
        rm man/man8/arpd.8
      `,
      configure: sh`./configure`,
      build: sh`make ${places} V=1`,
      install: sh`make ${places} DESTDIR=$OUT install`,
      // Scripts that ask for perl or Python, or for what is not here.
      adjust: sh`rm -f $OUT/usr/sbin/{routel,ifcfg,rtpr}`,
    }),
  },
});
