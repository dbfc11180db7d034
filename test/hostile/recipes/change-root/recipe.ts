import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves its root by a second one.
export default defineRecipe({
  name: 'change-root',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        mkdir jail
        perl -e 'chroot("jail") or die "chroot: $!"; chroot("../../../..") or die "chroot: $!"'
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
