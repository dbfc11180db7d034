import { defineRecipe, script, sh } from 'blazeneuro/recipe';

// Leaves names with a line break, with 255 bytes, and with what shells take for more.
export default defineRecipe({
  name: 'harmless-names',
  license: 'MIT',
  sources: {},
  builds: {
    system: script({
      sandbox: 'cross',
      base: 'none',
      build: sh`:`,
      install: sh`touch $OUT/$'a\nb' "$OUT/$(printf 'n%.0s' {1..255})" '/out/$(reboot)' '/out/-rf' '/out/a b'`,
    }),
  },
});
