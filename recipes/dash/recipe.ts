import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'dash',
  license: 'BSD-3-Clause AND GPL-2.0-or-later',
  description: 'A small shell: the one of the initrd',
  builds: {
    // Not in LFS. /bin/sh stays bash, as LFS has it.
    // No check: it has no tests.
    final: autotools({ needs: ['glibc'], configure: ['--without-libedit'] }),
  },
});
