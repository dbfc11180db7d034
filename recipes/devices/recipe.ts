import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'devices',
  license: 'MIT',
  description: 'Loads the modules for the hardware that is there and that comes, and says who may use it',
  sources: {},
  builds: {
    system: script({
      needs: ['final/dash'],
      check: sh`dash -n $FILES/25-devices`,
      install: sh`
        install -D -m 644 -t $OUT/usr/lib/blazeneuro/boot/start $FILES/25-devices
        install -D -m 644 -t $OUT/etc $FILES/mdev.conf
        # Where people say what modprobe must not load, and where the kernel looks for what cards want to be given.
        mkdir -p $OUT/etc/modprobe.d $OUT/usr/lib/firmware
      `,
    }),
  },
});
