import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a name that is no text.
export default defineRecipe({
  name: 'names-not-text',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`touch $OUT/$'caf\xe9'`,
    }),
  },
});
