import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'diffutils',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/diffutils.
    temporary: autotools(),
  },
});
