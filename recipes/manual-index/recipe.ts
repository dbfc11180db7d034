import { defineRecipe, script, sh } from 'blazeneuro/recipe';

/** Those of `base` that have manuals. A page that is not in the index is found all the same; man then says so. */
const PACKAGES = `
  bash coreutils cronie dash dhcpcd diffutils dosfstools e2fsprogs file findutils gawk grep gzip
  iproute2 iw kbd less man-pages mandoc nano ncurses opendoas openssh patch procps-ng psmisc rsync
  sed sysvinit util-linux xz
`
  .trim()
  .split(/\s+/);

export default defineRecipe({
  name: 'manual-index',
  license: 'MIT',
  description:
    "mandoc's index of all manuals: what man and apropos look into, and what every package would edit",
  sources: {},
  builds: {
    // Not in LFS. Without the stages below, so that no manual of the temporary system is seen.
    system: script({
      base: 'none',
      needs: [...PACKAGES.map((name) => `final/${name}`), 'final/zlib', 'prepare/layout'],
      install: sh`
        mkdir -p $OUT/usr/share $WORK/man
        # The sections that the profile has, and no other languages.
        cp -r /usr/share/man/man[1456789] $WORK/man
        makewhatis $WORK/man
        install -D -m 644 $WORK/man/mandoc.db $OUT/usr/share/man/mandoc.db
      `,
    }),
  },
});
