import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Ends the program that started it, by its number.
export default defineRecipe({
  name: 'signal-builder',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`kill -KILL @PID@`,
      install: sh`touch $OUT/x`,
    }),
  },
});
