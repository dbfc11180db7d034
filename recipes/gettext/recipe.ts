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
      build: sh`make`,
      install: sh`
        mkdir -p $OUT/usr/bin
        cp gettext-tools/src/{msgfmt,msgmerge,xgettext} $OUT/usr/bin/
      `,
    }),
  },
});
