import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Calls a server that waits on this machine's loopback.
export default defineRecipe({
  name: 'network-tcp',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`exec 3<>/dev/tcp/127.0.0.1/@PORT@`,
      install: sh`touch $OUT/x`,
    }),
  },
});
