import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'mandoc',
  license: 'ISC',
  description: 'man, and what typesets its pages; no database to keep up to date',
  builds: {
    // Not in LFS, which has man-db, groff, gdbm and libpipeline for it.
    final: script({
      needs: ['glibc', 'zlib'],
      configure: sh`
        printf '%s="%s"\n' \
          PREFIX /usr MANDIR /usr/share/man CFLAGS "$CFLAGS" LDFLAGS "$LDFLAGS" OSNAME BlazeNeuro OSENUM MANDOC_OS_OTHER \
          MANPATH_DEFAULT /usr/share/man:/usr/local/share/man MANPATH_BASE /usr/share/man \
          UTF8_LOCALE C.UTF-8 HAVE_WCHAR 1 INSTALL_PROGRAM 'install -m 755' LN 'ln -sf' BUILD_CGI 0 > configure.local
        ./configure
      `,
      build: sh`make`,
      check: sh`make regress`,
      install: sh`make DESTDIR=$OUT install`,
    }),
  },
});
