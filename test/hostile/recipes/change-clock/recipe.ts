import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Puts the clock back.
export default defineRecipe({
  name: 'change-clock',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`date --set 2001-01-01`,
      install: sh`touch $OUT/x`,
    }),
  },
});
