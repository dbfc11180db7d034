import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Makes a disk and the memory.
export default defineRecipe({
  name: 'device-nodes',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`mknod $OUT/disk b 8 0 || mknod /tmp/memory c 1 1`,
      install: sh`touch $OUT/x`,
    }),
  },
});
