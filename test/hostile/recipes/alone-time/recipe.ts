import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Never ends, and hears no signal.
export default defineRecipe({
  name: 'alone-time',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`
        trap '' TERM INT HUP
        (setsid bash -c 'trap "" TERM; while :; do sleep 1; done' &)
        while :; do sleep 1; done
      `,
      install: sh`touch $OUT/x`,
    }),
  },
});
