import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Claims, as a build whose tests failed, that they passed.
export default defineRecipe({
  name: 'alone-verdict',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      check: sh`false`,
      build: sh`:`,
      install: sh`touch $OUT/x`,
    }),
  },
});
