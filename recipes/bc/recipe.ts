import { autotools, defineRecipe, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'bc',
  license: 'GPL-3.0-or-later',
  description: 'GNU bc: the kernel computes its timer constants with it',
  builds: {
    // LFS chapter08/bc takes Gavin Howard's bc; GNU's is the one that every origin serves.
    final: autotools({
      needs: ['flex', 'glibc'],
      // GNU's own script runs ed, which LFS does not have.
      prepare: sh`cp $FILES/fix-libmath_h bc/fix-libmath_h`,
      configure: ['--without-readline', '--without-libedit'],
      make: ['MAKEINFO=true'],
      makeInstall: ['MAKEINFO=true', 'install'],
      check: sh`test "$(echo '2^10' | bc/bc)" = 1024`,
    }),
  },
});
