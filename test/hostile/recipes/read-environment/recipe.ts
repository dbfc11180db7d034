import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Looks for a secret in the environment and in the words of every process it sees.
export default defineRecipe({
  name: 'read-environment',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        grep -a '@SECRET@' /proc/[0-9]*/environ || grep -a '@STORE@' /proc/[0-9]*/environ ||
          tr '\0' '\n' < /proc/1/cmdline | grep '^@STORE@'
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
