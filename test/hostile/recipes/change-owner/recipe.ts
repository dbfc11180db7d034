import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Gives a file of $OUT to somebody else.
export default defineRecipe({
  name: 'change-owner',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`touch $OUT/x; chown 5:5 $OUT/x`,
      install: sh`touch $OUT/x`,
    }),
  },
});
