import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Gives a program of $OUT a right of root, as a capability.
export default defineRecipe({
  name: 'set-capability',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        cp /usr/bin/bash $OUT/x
        perl -e '
          my ($name, $value) = ("security.capability", pack("V5", 0x02000001, 1 << 13, 0, 0, 0));
          syscall(188, "$ENV{OUT}/x", $name, $value, length $value, 0) == 0 or die "setxattr: $!";
        '
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
