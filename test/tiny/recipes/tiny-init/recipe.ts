import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'tiny-init',
  license: 'MIT',
  description: 'Counts how often it was started, and switches the machine off',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`gcc $CFLAGS -Wall -Wextra -Werror -static -s -o $WORK/init $FILES/init.c`,
      install: sh`
        install -D $WORK/init $OUT/sbin/init
        # The kernel mounts devtmpfs here before it starts init, so that init has a console.
        mkdir -p $OUT/dev $OUT/var/lib
      `,
    }),
  },
});
