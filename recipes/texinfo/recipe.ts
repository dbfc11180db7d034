import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'texinfo',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter07/texinfo.
    temporary: autotools({
      sandbox: 'chroot',
      needs: ['perl'],
      // glibc 2.34 and later took the name that this copy of gnulib uses (LFS 11, chapter07/texinfo).
      prepare: sh`sed -i 's/__attribute_nonnull__/__nonnull/' gnulib/lib/malloc/dynarray-skeleton.c`,
      configure: disable('nls', 'perl-xs'),
      make: ['MAKEINFO=true'],
      makeInstall: ['MAKEINFO=true', 'install'],
    }),
  },
});
