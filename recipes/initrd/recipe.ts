import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'initrd',
  license: 'MIT',
  description: "The initrd's init; the image's assembly adds the programs that the profile names",
  sources: {},
  builds: {
    system: script({
      needs: ['final/dash'],
      check: sh`dash -n $FILES/init`,
      install: sh`install -D -m 755 $FILES/init $OUT/usr/lib/blazeneuro/initrd/init`,
    }),
  },
});
