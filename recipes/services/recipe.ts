import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'services',
  license: 'MIT',
  description: 'What a file of /etc/init.d is made with, and `service`, which people use them by',
  sources: {},
  builds: {
    system: script({
      needs: ['final/dash'],
      check: sh`for file in $FILES/*; do dash -n $file; done`,
      install: sh`
        install -D -m 644 -t $OUT/usr/lib/blazeneuro $FILES/service
        install -D -m 755 -t $OUT/usr/libexec/blazeneuro $FILES/keep-running
        install -D -m 755 $FILES/service-command $OUT/usr/sbin/service
      `,
    }),
  },
});
