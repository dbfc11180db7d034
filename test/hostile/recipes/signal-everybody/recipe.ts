import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Ends everybody it may: that is itself, with all that it has started.
export default defineRecipe({
  name: 'signal-everybody',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`kill -KILL -1`,
      install: sh`touch $OUT/x`,
    }),
  },
});
