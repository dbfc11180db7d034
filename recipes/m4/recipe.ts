import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'm4',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/m4.
    temporary: autotools(),
  },
});
