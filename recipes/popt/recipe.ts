import { autotools, defineRecipe, disable, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'popt',
  license: 'MIT',
  description: 'Reads the words of a command line',
  builds: {
    // Not in LFS.
    final: autotools({
      needs: ['glibc'],
      configure: disable('static', 'nls'),
      check: sh`make check`,
    }),
  },
});
