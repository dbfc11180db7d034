import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'gcc-libs',
  license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
  description: "GCC's runtime libraries: what programs need of the compiler when they run",
  sources: {},
  copiesFrom: ['gcc'],
  builds: {
    // The compiler itself stays temporary. pthread_cancel loads libgcc_s by name.
    // No check: gcc's tests ask for DejaGnu, and take hours.
    final: script({
      needs: ['glibc'],
      install: sh`
        mkdir -p $OUT/usr/lib
        cp -a /usr/lib/libgcc_s.so.1 $OUT/usr/lib/
        # Not the script for gdb, which ends in .py.
        cp -a /usr/lib/libstdc++.so.6 /usr/lib/libstdc++.so.6.*[0-9] $OUT/usr/lib/
      `,
    }),
  },
});
