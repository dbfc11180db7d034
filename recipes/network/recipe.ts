import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'network',
  license: 'MIT',
  description: 'The loopback, and the names of ports and protocols',
  sources: {},
  builds: {
    system: script({
      needs: ['final/dash'],
      check: sh`dash -n $FILES/40-loopback`,
      install: sh`
        install -D -m 644 -t $OUT/usr/lib/blazeneuro/boot/start $FILES/40-loopback
        install -D -m 644 -t $OUT/etc $FILES/services $FILES/protocols
      `,
    }),
  },
});
