import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Writes until it is stopped.
export default defineRecipe({
  name: 'disk-bomb',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`cat /dev/zero > $OUT/x`,
      install: sh`touch $OUT/x`,
    }),
  },
});
