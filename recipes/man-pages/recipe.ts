import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'man-pages',
  license: 'Linux-man-pages-copyleft AND GPL-2.0-or-later AND BSD-3-Clause AND MIT',
  description: 'What the kernel and the C library bring no manual for: devices, files, conventions',
  builds: {
    // LFS chapter08/man-pages, without sections 2 and 3, which only programmers read.
    // No check: it is text.
    final: script({
      // mandoc has a page of its own about the pages.
      prepare: sh`rm man/man7/man.7`,
      install: sh`
        for section in 1 4 5 7 8; do
          install -D -m 644 -t $OUT/usr/share/man/man$section man/man$section/*.$section
        done
      `,
    }),
  },
});
