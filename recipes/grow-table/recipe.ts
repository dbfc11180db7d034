import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'grow-table',
  license: 'MIT',
  description: 'Lets the root partition take the whole drive, in the initrd of the first boot',
  // sfdisk writes backup and primary without a flush between: a cut of power could take both.
  sources: {},
  builds: {
    system: script({
      needs: ['final/glibc'],
      build: sh`gcc -std=gnu17 -Wall -Wextra -Wconversion -Werror $CFLAGS $LDFLAGS -o grow-table $FILES/grow-table.c`,
      install: sh`install -D -m 755 -t $OUT/usr/sbin grow-table`,
    }),
  },
});
