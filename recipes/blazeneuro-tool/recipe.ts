import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'blazeneuro-tool',
  license: 'MIT',
  description: 'The command blazeneuro of the running system: what it is, and whether it still is that',
  sources: {},
  builds: {
    // Where its program is, the image writes /usr/lib/blazeneuro/manifest.tsv for it.
    system: script({
      needs: ['final/dash'],
      check: sh`dash -n $FILES/blazeneuro`,
      install: sh`
        install -D -m 755 -t $OUT/usr/bin $FILES/blazeneuro
        mkdir -p $OUT/usr/lib/blazeneuro
      `,
    }),
  },
});
