import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Stops the first process of its own sandbox, by tracing it, so that nothing would ever end.
export default defineRecipe({
  name: 'alone-trace',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`perl -e 'syscall(101, 16, 1, 0, 0) == 0 or die "ptrace: $!"'`,
      install: sh`touch $OUT/x`,
    }),
  },
});
