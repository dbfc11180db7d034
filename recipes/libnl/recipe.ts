import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libnl',
  license: 'LGPL-2.1-only',
  description: 'How programs speak to the kernel about networks',
  builds: {
    // Not in LFS.
    final: autotools({
      needs: ['flex', 'glibc', 'pkgconf'],
      configure: ['--sysconfdir=/etc', ...disable('static', 'cli', 'debug')],
      check: sh`make check`,
    }),
  },
});
