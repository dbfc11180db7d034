import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Prints what would rename the window of who reads why it failed.
export default defineRecipe({
  name: 'log-escapes',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        printf '\e]0;hostile\a\e[2J\n'
        exit 5
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
