import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Fails after it made a tree in its work folder whose end no path reaches.
export default defineRecipe({
  name: 'deep-work',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -e 'for (1 .. 50) { my $name = "d" x 99; mkdir $name or die; chdir $name or die }'
        exit 7
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
