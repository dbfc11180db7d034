import { autotools, defineRecipe } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'patch',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter06/patch.
    temporary: autotools(),
  },
});
