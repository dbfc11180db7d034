import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves links that point out of its tree, to a secret and to files of the host.
export default defineRecipe({
  name: 'harmless-links',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`
        ln -s @CANARY@ $OUT/absolute
        ln -s ../../../../../../../../../..@CANARY@ $OUT/relative
        ln -s /etc $OUT/folder
      `,
    }),
  },
});
