import { defineRecipe, meson, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'json-c',
  license: 'MIT',
  description: 'Reads and writes JSON; cryptsetup keeps the keys of a drive in it',
  builds: {
    // Not in LFS. It builds with cmake, of which nothing else here would make use; files/meson.build does the same.
    final: meson({
      needs: ['glibc', 'meson', 'pkgconf'],
      prepare: sh`cp $FILES/meson.build .`,
      check: sh`
        cd tests
        export LD_LIBRARY_PATH=$WORK/meson
        compile() { cc -I.. -I$WORK/meson "$@" parse_flags.c -L$WORK/meson -ljson-c -lm; }
        for name in test1 test2; do compile -D TEST_FORMATTED -o $name'Formatted' $name.c; done
        for name in $(basename -s .c test*.c); do
          compile -o $name $name.c
          bash $name.test
        done
      `,
    }),
  },
});
