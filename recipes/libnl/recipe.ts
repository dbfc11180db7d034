import { autotools, defineRecipe, disable } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'libnl',
  license: 'LGPL-2.1-only',
  description: 'How programs speak to the kernel about networks',
  builds: {
    // Not in LFS.
    // No check: its tests ask for a library, check, and change network devices as root.
    final: autotools({
      needs: ['flex', 'glibc', 'pkgconf'],
      configure: ['--sysconfdir=/etc', ...disable('static', 'cli', 'debug')],
    }),
  },
});
