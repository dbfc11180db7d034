import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Makes its log a hole of its largest size, and fails.
export default defineRecipe({
  name: 'log-hole',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        perl -e 'truncate(STDOUT, 60 * 1024 * 1024) or die "truncate: $!"'
        exit 9
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
