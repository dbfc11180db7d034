import { defineRecipe, disable, script, sh, without } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'gettext',
  license: 'GPL-3.0-or-later',
  builds: {
    // LFS chapter07/gettext: three programs, linked statically with its own libraries. Its seven configures ask much
    // the same, so they share their answers.
    temporary: script({
      sandbox: 'chroot',
      configure: sh`
        # iconv works; the character sets that are tried come with final/glibc.
        export am_cv_func_iconv_works=yes
        ./configure --prefix=/usr --config-cache ${disable('acl', 'csharp', 'curses', 'java', 'libasprintf', 'nls', 'openmp', 'shared')} \
          ${without('cvs', 'emacs', 'git')}
      `,
      // What the three are made of; the rest (another library, tests, examples, translations) is as much again.
      build: sh`
        make -C gettext-runtime/intl
        make -C libtextstyle
        make -C gettext-tools SUBDIRS='gnulib-lib libgrep src'
      `,
      install: sh`
        mkdir -p $OUT/usr/bin
        cp gettext-tools/src/{msgfmt,msgmerge,xgettext} $OUT/usr/bin/
      `,
    }),
  },
});
