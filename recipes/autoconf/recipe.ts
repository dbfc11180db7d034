import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'autoconf',
  license: 'GPL-3.0-or-later WITH Autoconf-exception-3.0',
  builds: {
    // LFS chapter08/autoconf.
    final: autotools({ needs: ['glibc'], check: sh`make check TESTSUITEFLAGS=-j$JOBS` }),
  },
});
