import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Makes many files with holes, each as large as it may be.
export default defineRecipe({
  name: 'many-holes',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`for i in 1 2 3 4 5; do truncate --size 60M $OUT/$i; done`,
    }),
  },
});
