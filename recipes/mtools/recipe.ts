import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'mtools',
  license: 'GPL-3.0-or-later',
  description: 'Fills a FAT file system that is not mounted',
  builds: {
    // Not in LFS.
    // No check: it has no tests.
    final: autotools({
      needs: ['glibc'],
      configure: ['--sysconfdir=/etc', '--disable-floppyd', '--without-x'],
      // Not the manual.
      make: ['mtools', 'mkmanifest'],
      makeInstall: ['MAKEINFO=true', 'install'],
    }),
  },
});
