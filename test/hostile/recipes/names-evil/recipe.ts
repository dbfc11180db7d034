import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves a fifo whose name would clear the terminal.
export default defineRecipe({
  name: 'names-evil',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`mkfifo $OUT/$'\e[2J\e]0;hostile\a'`,
    }),
  },
});
