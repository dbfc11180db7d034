import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'meson',
  license: 'Apache-2.0',
  description: 'Python only; run from its own folder, as its sources are',
  builds: {
    // LFS chapter08/meson, without pip. The temporary python runs it.
    // No check: its tests build hundreds of projects.
    final: script({
      needs: ['ninja'],
      // The temporary python has no zlib. Only `meson dist`, which packs a release, asks for it.
      prepare: sh`sed -i '/^import gzip$/d' mesonbuild/mdist.py`,
      install: sh`
        mkdir -p $OUT/usr/lib/meson $OUT/usr/bin
        cp -r meson.py mesonbuild $OUT/usr/lib/meson/
        printf '%s\n' '#!/bin/sh' 'exec python3 -B /usr/lib/meson/meson.py "$@"' > $OUT/usr/bin/meson
        chmod 755 $OUT/usr/bin/meson
      `,
    }),
  },
});
