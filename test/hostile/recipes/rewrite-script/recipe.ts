import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Writes over the script that runs it, so that what comes next would be its success.
export default defineRecipe({
  name: 'rewrite-script',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -e 'print "exit 0\n" x 20000' > /build/phases.sh
        exit 11
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
