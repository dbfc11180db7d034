import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Makes a file of nothing but a hole, which whoever digests it would have to read.
export default defineRecipe({
  name: 'giant-file',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`truncate --size 1T $OUT/x`,
      install: sh`touch $OUT/x`,
    }),
  },
});
