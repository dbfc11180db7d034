import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'make',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/make.
    temporary: autotools({ configure: ['--without-guile'] }),
  },
});
