import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves files that everybody may write to, and a folder that only its owner may look into.
export default defineRecipe({
  name: 'harmless-modes',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`touch $OUT/open; chmod 0777 $OUT/open; mkdir -m 0700 $OUT/closed; umask 0; mkdir $OUT/wide`,
    }),
  },
});
