import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a fifo, at which whoever reads the artifact would wait for ever.
export default defineRecipe({
  name: 'fifo-output',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`mkfifo $OUT/x`,
    }),
  },
});
