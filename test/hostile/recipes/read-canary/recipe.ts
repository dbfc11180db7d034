import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Looks for a secret file, in the store and beside it, by its path and by its name.
export default defineRecipe({
  name: 'read-canary',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        cat @CANARY@ || cat /proc/1/root@CANARY@ || cat /proc/1/cwd/../canary || cat @STORE@/version || ls /root ||
          find / -xdev -name '@NAME@*' -print | grep .
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
