import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Declares what it leaves: a setuid program, and an owner.
export default defineRecipe({
  name: 'harmless-exceptions',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      exceptions: { '/usr/bin/x': { mode: '4755' }, '/mail': { gid: 34 } },
      build: sh`:`,
      install: sh`install -D -m 4755 /usr/bin/bash $OUT/usr/bin/x; mkdir $OUT/mail`,
    }),
  },
});
