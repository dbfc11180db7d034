import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'lock-modules',
  license: 'MIT',
  description: 'A service that ends the loading of kernel modules, for profiles that have some',
  sources: {},
  builds: {
    system: script({
      needs: ['final/dash'],
      check: sh`dash -n $FILES/lock-modules`,
      install: sh`install -D -m 755 -t $OUT/etc/init.d $FILES/lock-modules`,
    }),
  },
});
