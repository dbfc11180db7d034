import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Fails after it made such a tree in its work folder.
export default defineRecipe({
  name: 'deep-work',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -e 'for (1 .. 3000) { mkdir "d" or die; chdir "d" or die }'
        exit 7
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
