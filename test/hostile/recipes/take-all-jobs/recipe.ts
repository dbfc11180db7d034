import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Takes every token of the jobserver, and fails without giving one back.
export default defineRecipe({
  name: 'take-all-jobs',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        exec 9< /build/jobserver
        head -c 1 <&9
        exit 13
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
