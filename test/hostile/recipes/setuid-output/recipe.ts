import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a program that would run as root.
export default defineRecipe({
  name: 'setuid-output',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`install -m 4755 /usr/bin/bash $OUT/x`,
    }),
  },
});
