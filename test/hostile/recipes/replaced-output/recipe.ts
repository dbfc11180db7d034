import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Puts a link to the host in the place of $OUT.
export default defineRecipe({
  name: 'replaced-output',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`rmdir $OUT || mv $OUT /build/elsewhere; ln -sfn /etc $OUT; ls $OUT/etc/hostname`,
      install: sh`touch $OUT/x`,
    }),
  },
});
