import { autotools, defineRecipe, disable } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'bison',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter07/bison.
    temporary: autotools({ sandbox: 'chroot', configure: disable('nls') }),
  },
});
