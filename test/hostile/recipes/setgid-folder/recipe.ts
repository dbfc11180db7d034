import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a folder that hands its group on.
export default defineRecipe({
  name: 'setgid-folder',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`mkdir -p $OUT/x/deep; chmod 2755 $OUT/x/deep`,
    }),
  },
});
