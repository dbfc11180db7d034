import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves daemons behind that go on writing to $OUT, through a file that they hold open.
export default defineRecipe({
  name: 'harmless-daemons',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`
        for i in 1 2 3; do
          (setsid bash -c 'trap "" HUP TERM INT; exec 3>> $OUT/held; while :; do echo @NAME@ >&3; echo x >> $OUT/x; done' &)
        done
        until [ -s $OUT/held ] && [ -s $OUT/x ]; do sleep 0.01; done
      `,
    }),
  },
});
