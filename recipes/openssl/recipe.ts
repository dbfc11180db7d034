import { defineRecipe, script, sh } from 'blazeneuro/recipe';

export default defineRecipe({
  name: 'openssl',
  license: 'Apache-2.0',
  leaveOut: { '.': ['openssl-*/fuzz/corpora/*', 'openssl-*/test/recipes/*', 'openssl-*/demos/*'] },
  builds: {
    // LFS chapter08/openssl, without compression, which nobody should use, and without engines, which nobody has.
    final: script({
      needs: ['glibc'],
      // The flags of the environment come behind its own. The baseline is kept: faster code is chosen when it runs.
      configure: sh`
        ./Configure linux-x86_64 --prefix=/usr --openssldir=/etc/ssl --libdir=lib shared \
          no-zlib no-engine no-tests no-docs
      `,
      build: sh`make`,
      install: sh`make DESTDIR=$OUT install_sw install_ssldirs`,
      adjust: sh`
        rm -f $OUT/usr/lib/lib{crypto,ssl}.a
        # CA.pl and tsget ask for a perl, c_rehash too.
        rm -rf $OUT/etc/ssl/misc $OUT/usr/bin/c_rehash
        # ca-certificates fills it; nobody keeps secrets there.
        rm -rf $OUT/etc/ssl/private
      `,
    }),
  },
});
