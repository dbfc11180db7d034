import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Fills its log until it is stopped.
export default defineRecipe({
  name: 'log-bomb',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`yes hostile`,
      install: sh`touch $OUT/x`,
    }),
  },
});
