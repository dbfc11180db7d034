import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'config-site',
  license: 'MIT',
  description: 'Answers to what every configure asks about the C library',
  sources: {},
  builds: {
    toolchain: script({
      needs: ['binutils', 'gcc', 'glibc', 'linux-headers'],
      build: sh`bash $FILES/prove.sh`,
      install: sh`install -D -m 644 $FILES/config.site $OUT/usr/share/config.site`,
    }),
  },
});
