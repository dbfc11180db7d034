import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'findutils',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/findutils.
    temporary: autotools({ configure: ['--localstatedir=/var/lib/locate'] }),
    // LFS chapter08/findutils.
    final: autotools({
      needs: ['glibc'],
      configure: ['--localstatedir=/var/lib/locate'],
      check: sh`make check`,
    }),
  },
});
